"""Mistakes of `w4_lora_from_scratch` in other words: as other students would write them, they must still be named.

They use only what the notebook has (np, plt), so that each can be pasted.
"""

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import rewritten

# -------------------------------------------------------------------------------------------- outer_products


@rewritten("outer_products_summed")
def outer_products_summed():
    def outer_products(B, A):
        return np.matmul(B, A)

    return {"outer_products": outer_products}


@rewritten("outer_products_the_sum_in_a_list")
def outer_products_the_sum_in_a_list():
    def outer_products(B, A):
        total = 0
        for k in range(A.shape[0]):
            total = total + np.outer(B[:, k], A[k])
        return [total]

    return {"outer_products": outer_products}


@rewritten("outer_products_transposed")
def outer_products_transposed():
    def outer_products(B, A):
        return [np.outer(B[:, k], A[k]).T for k in range(A.shape[0])]

    return {"outer_products": outer_products}


@rewritten("outer_products_every_pair")
def outer_products_every_pair():
    def outer_products(B, A):
        tables = []
        for column in B.T:
            for row in A:
                tables.append(column.reshape(-1, 1) * row)
        return tables

    return {"outer_products": outer_products}


@rewritten("outer_products_opposite_order")
def outer_products_opposite_order():
    def outer_products(B, A):
        return [column[:, None] * row for column, row in zip(B.T, reversed(A), strict=True)]

    return {"outer_products": outer_products}


@rewritten("outer_products_running_sums")
def outer_products_running_sums():
    def outer_products(B, A):
        return list(np.cumsum([np.outer(b, a) for b, a in zip(B.T, A, strict=True)], axis=0))

    return {"outer_products": outer_products}


@rewritten("count_wide_for_each_rank")
def count_wide_for_each_rank():
    def count(dout, din, r):
        full = dout * din
        return full, full * r

    return {"count": count}


@rewritten("count_with_the_frozen_ones")
def count_with_the_frozen_ones():
    def count(dout, din, r):
        full = dout * din
        return full, full + dout * r + r * din

    return {"count": count}


@rewritten("count_swapped")
def count_swapped():
    def count(dout, din, r):
        thin = dout * r + din * r
        return [thin, din * dout]

    return {"count": count}


@rewritten("count_multiplied")
def count_multiplied():
    def count(dout, din, r):
        return dout * din, (dout * r) * (r * din)

    return {"count": count}


# ---------------------------------------------------------------------------------------------- lora_forward


@rewritten("forward_alpha_alone")
def forward_alpha_alone():
    def lora_forward(X, W, A, B, alpha):
        hidden = X @ A.T
        return X @ W.T + alpha * hidden @ B.T

    return {"lora_forward": lora_forward}


@rewritten("forward_no_scale")
def forward_no_scale():
    def lora_forward(X, W, A, B, alpha):
        frozen = np.dot(X, W.T)
        return frozen + np.dot(np.dot(X, A.T), B.T)

    return {"lora_forward": lora_forward}


@rewritten("forward_without_alpha")
def forward_without_alpha():
    def lora_forward(X, W, A, B, alpha):
        return X @ W.T + X @ A.T @ B.T / B.shape[1]

    return {"lora_forward": lora_forward}


@rewritten("forward_scale_upside_down")
def forward_scale_upside_down():
    def lora_forward(X, W, A, B, alpha):
        scale = A.shape[0] / alpha
        return scale * ((X @ A.T) @ B.T) + X @ W.T

    return {"lora_forward": lora_forward}


@rewritten("forward_alpha_times_r")
def forward_alpha_times_r():
    def lora_forward(X, W, A, B, alpha):
        r = B.shape[1]
        return X @ W.T + r * alpha * ((X @ A.T) @ B.T)

    return {"lora_forward": lora_forward}


@rewritten("forward_frozen_alone")
def forward_frozen_alone():
    def lora_forward(X, W, A, B, alpha):
        return np.einsum("ni,oi->no", X, W)

    return {"lora_forward": lora_forward}


@rewritten("forward_correction_alone")
def forward_correction_alone():
    def lora_forward(X, W, A, B, alpha):
        H = X @ A.T
        return H @ B.T * alpha / H.shape[1]

    return {"lora_forward": lora_forward}


@rewritten("forward_all_scaled")
def forward_all_scaled():
    def lora_forward(X, W, A, B, alpha):
        Y = X @ W.T
        Y = Y + (X @ A.T) @ B.T
        return Y * alpha / A.shape[0]

    return {"lora_forward": lora_forward}


@rewritten("forward_subtracts")
def forward_subtracts():
    def lora_forward(X, W, A, B, alpha):
        return X @ W.T + -(alpha / A.shape[0]) * ((X @ A.T) @ B.T)

    return {"lora_forward": lora_forward}


@rewritten("forward_builds_the_large_table")
def forward_builds_the_large_table():
    def lora_forward(X, W, A, B, alpha):
        wide = B @ A
        return X @ W.T + alpha / A.shape[0] * X @ wide.T

    return {"lora_forward": lora_forward}


# --------------------------------------------------------------------------------------------- lora_backward


@rewritten("backward_a_without_scale")
def backward_a_without_scale():
    def lora_backward(X, W, A, B, alpha, dY):
        dA = np.einsum("no,or,ni->ri", dY, B, X)
        dB = alpha / A.shape[0] * np.einsum("no,nr->or", dY, X @ A.T)
        return dA, dB

    return {"lora_backward": lora_backward}


@rewritten("backward_b_without_scale")
def backward_b_without_scale():
    def lora_backward(X, W, A, B, alpha, dY):
        H = X @ A.T
        dH = dY @ B * alpha / A.shape[0]
        return dH.T @ X, (H.T @ dY).T

    return {"lora_backward": lora_backward}


@rewritten("backward_without_scale")
def backward_without_scale():
    def lora_backward(X, W, A, B, alpha, dY):
        whole = dY.T @ X
        return B.T @ whole, whole @ A.T

    return {"lora_backward": lora_backward}


@rewritten("backward_alpha_alone")
def backward_alpha_alone():
    def lora_backward(X, W, A, B, alpha, dY):
        arrives = dY * alpha
        return (arrives @ B).T @ X, arrives.T @ (X @ A.T)

    return {"lora_backward": lora_backward}


@rewritten("backward_scale_twice")
def backward_scale_twice():
    def lora_backward(X, W, A, B, alpha, dY):
        s = alpha / A.shape[0]
        arrives = s * dY
        return s * (arrives @ B).T @ X, s * arrives.T @ (X @ A.T)

    return {"lora_backward": lora_backward}


@rewritten("backward_with_dw")
def backward_with_dw():
    def lora_backward(X, W, A, B, alpha, dY):
        s = alpha / A.shape[0]
        dW = dY.T @ X
        dA = s * B.T @ dW
        dB = s * dW @ A.T
        return dW, dA, dB

    return {"lora_backward": lora_backward}


@rewritten("backward_swapped")
def backward_swapped():
    def lora_backward(X, W, A, B, alpha, dY):
        whole = alpha / A.shape[0] * dY.T @ X
        dB = whole @ A.T
        dA = B.T @ whole
        return dB, dA

    return {"lora_backward": lora_backward}


@rewritten("backward_divides_by_n")
def backward_divides_by_n():
    def lora_backward(X, W, A, B, alpha, dY):
        whole = alpha / A.shape[0] * dY.T @ X
        return B.T @ whole / X.shape[0], whole @ A.T / X.shape[0]

    return {"lora_backward": lora_backward}


@rewritten("backward_negative")
def backward_negative():
    def lora_backward(X, W, A, B, alpha, dY):
        whole = -alpha / A.shape[0] * dY.T @ X
        return B.T @ whole, whole @ A.T

    return {"lora_backward": lora_backward}


@rewritten("backward_transposed")
def backward_transposed():
    def lora_backward(X, W, A, B, alpha, dY):
        whole = alpha / A.shape[0] * X.T @ dY
        return whole @ B, A @ whole

    return {"lora_backward": lora_backward}


# ------------------------------------------------------------------------------------------------ train_lora


@rewritten("train_from_zeros")
def train_from_zeros():
    def train_lora(W, X, Y, r, alpha, lr, steps, rng):
        A, B = np.zeros((r, W.shape[1])), np.zeros((W.shape[0], r))
        losses = []
        for _ in range(steps + 1):
            losses.append(np.mean((X @ W.T - Y) ** 2))
        return A, B, losses

    return {"train_lora": train_lora}


@rewritten("train_uphill")
def train_uphill():
    def train_lora(W, X, Y, r, alpha, lr, steps, rng):
        A, B = rng.normal(size=(r, W.shape[1])) / W.shape[1] ** 0.5, np.zeros((W.shape[0], r))
        P = X @ W.T
        losses = [np.mean((P - Y) ** 2)]
        for _ in range(steps):
            whole = alpha / r * (2 * (Y - P) / Y.size).T @ X
            A, B = A - lr * B.T @ whole, B - lr * whole @ A.T
            P = X @ W.T + alpha / r * (X @ A.T) @ B.T
            losses.append(np.mean((P - Y) ** 2))
        return A, B, losses

    return {"train_lora": train_lora}


@rewritten("train_without_the_two")
def train_without_the_two():
    def train_lora(W, X, Y, r, alpha, lr, steps, rng):
        A, B = rng.normal(size=(r, W.shape[1])) / W.shape[1] ** 0.5, np.zeros((W.shape[0], r))
        P = X @ W.T
        losses = [np.mean((P - Y) ** 2)]
        for _ in range(steps):
            whole = alpha / r * ((P - Y) / Y.size).T @ X
            A, B = A - lr * B.T @ whole, B - lr * whole @ A.T
            P = X @ W.T + alpha / r * (X @ A.T) @ B.T
            losses.append(np.mean((P - Y) ** 2))
        return A, B, losses

    return {"train_lora": train_lora}


@rewritten("train_divides_by_n")
def train_divides_by_n():
    def train_lora(W, X, Y, r, alpha, lr, steps, rng):
        A, B = rng.normal(size=(r, W.shape[1])) / W.shape[1] ** 0.5, np.zeros((W.shape[0], r))
        P = X @ W.T
        losses = [np.mean((P - Y) ** 2)]
        for _ in range(steps):
            whole = alpha / r * (2 * (P - Y) / X.shape[0]).T @ X
            A, B = A - lr * B.T @ whole, B - lr * whole @ A.T
            P = X @ W.T + alpha / r * (X @ A.T) @ B.T
            losses.append(np.mean((P - Y) ** 2))
        return A, B, losses

    return {"train_lora": train_lora}


@rewritten("train_one_after_the_other")
def train_one_after_the_other():
    def train_lora(W, X, Y, r, alpha, lr, steps, rng):
        A, B = rng.normal(size=(r, W.shape[1])) / W.shape[1] ** 0.5, np.zeros((W.shape[0], r))
        P = X @ W.T
        losses = [np.mean((P - Y) ** 2)]
        for _ in range(steps):
            whole = alpha / r * (2 * (P - Y) / Y.size).T @ X
            B = B - lr * whole @ A.T
            A = A - lr * B.T @ whole
            P = X @ W.T + alpha / r * (X @ A.T) @ B.T
            losses.append(np.mean((P - Y) ** 2))
        return A, B, losses

    return {"train_lora": train_lora}


@rewritten("train_b_only")
def train_b_only():
    def train_lora(W, X, Y, r, alpha, lr, steps, rng):
        A, B = rng.normal(size=(r, W.shape[1])) / W.shape[1] ** 0.5, np.zeros((W.shape[0], r))
        H = X @ A.T
        losses = []
        for step in range(steps + 1):
            P = X @ W.T + alpha / r * H @ B.T
            losses.append(np.mean((P - Y) ** 2))
            if step < steps:
                B = B - lr * alpha / r * (2 * (P - Y) / Y.size).T @ H
        return A, B, losses

    return {"train_lora": train_lora}


@rewritten("train_with_w_too")
def train_with_w_too():
    def train_lora(W, X, Y, r, alpha, lr, steps, rng):
        A, B = rng.normal(size=(r, W.shape[1])) / W.shape[1] ** 0.5, np.zeros((W.shape[0], r))
        P = X @ W.T
        losses = [np.mean((P - Y) ** 2)]
        for _ in range(steps):
            dW = (2 * (P - Y) / Y.size).T @ X
            A, B, W = A - lr * alpha / r * B.T @ dW, B - lr * alpha / r * dW @ A.T, W - lr * dW
            P = X @ W.T + alpha / r * (X @ A.T) @ B.T
            losses.append(np.mean((P - Y) ** 2))
        return A, B, losses

    return {"train_lora": train_lora}


@rewritten("train_without_the_last_loss")
def train_without_the_last_loss():
    def train_lora(W, X, Y, r, alpha, lr, steps, rng):
        A, B = rng.normal(size=(r, W.shape[1])) / W.shape[1] ** 0.5, np.zeros((W.shape[0], r))
        losses = [] if steps else [np.mean((X @ W.T - Y) ** 2)]
        for _ in range(steps):
            P = X @ W.T + alpha / r * (X @ A.T) @ B.T
            losses.append(np.mean((P - Y) ** 2))
            whole = alpha / r * (2 * (P - Y) / Y.size).T @ X
            A, B = A - lr * B.T @ whole, B - lr * whole @ A.T
        return A, B, losses

    return {"train_lora": train_lora}


# ----------------------------------------------------------------------------------------------------- merge


@rewritten("merge_alpha_alone")
def merge_alpha_alone():
    def merge(W, A, B, alpha):
        return W + alpha * (B @ A)

    def unmerge(W2, A, B, alpha):
        return W2 - alpha * (B @ A)

    return {"merge": merge, "unmerge": unmerge}


@rewritten("merge_no_scale")
def merge_no_scale():
    def merge(W, A, B, alpha):
        return W + np.dot(B, A)

    def unmerge(W2, A, B, alpha):
        return W2 - np.dot(B, A)

    return {"merge": merge, "unmerge": unmerge}


@rewritten("merge_in_place")
def merge_in_place():
    def merge(W, A, B, alpha):
        W[:] = W + alpha / B.shape[1] * np.dot(B, A)
        return W

    return {"merge": merge}


@rewritten("unmerge_adds_again")
def unmerge_adds_again():
    def unmerge(W2, A, B, alpha):
        return W2 + np.dot(B, A) * (alpha / A.shape[0])

    return {"unmerge": unmerge}


@rewritten("merge_without_w")
def merge_without_w():
    def merge(W, A, B, alpha):
        return np.dot(B, A) * alpha / B.shape[1]

    return {"merge": merge}


@rewritten("merge_subtracts")
def merge_subtracts():
    def merge(W, A, B, alpha):
        return W - np.dot(B, A) * alpha / B.shape[1]

    return {"merge": merge}


# ------------------------------------------------------------------------------------------------- best_rank


@rewritten("best_rank_without_sizes")
def best_rank_without_sizes():
    def best_rank(D, r):
        parts = np.linalg.svd(D)
        return parts[0][:, :r], parts[2][:r, :]

    return {"best_rank": best_rank}


@rewritten("best_rank_sizes_twice")
def best_rank_sizes_twice():
    def best_rank(D, r):
        U, s, V = np.linalg.svd(D, full_matrices=False)
        S = np.diag(s[:r])
        return U[:, :r] @ S, S @ V[:r]

    return {"best_rank": best_rank}


@rewritten("best_rank_keeps_the_smallest")
def best_rank_keeps_the_smallest():
    def best_rank(D, r):
        U, s, V = np.linalg.svd(D, full_matrices=False)
        order = np.argsort(s)[:r]
        return U[:, order] * s[order], V[order]

    return {"best_rank": best_rank}


@rewritten("best_rank_swapped")
def best_rank_swapped():
    def best_rank(D, r):
        U, s, V = np.linalg.svd(D, full_matrices=False)
        B, A = U[:, :r], s[:r, None] * V[:r]
        return A, B

    return {"best_rank": best_rank}


@rewritten("tail_of_values")
def tail_of_values():
    def tail(D):
        s = np.linalg.svd(D)[1]
        return [sum(s[r:]) for r in range(len(s))] + [0.0]

    return {"tail": tail}


@rewritten("tail_of_what_is_caught")
def tail_of_what_is_caught():
    def tail(D):
        s = np.linalg.svd(D)[1]
        return np.concatenate([[0.0], np.cumsum(s**2)])

    return {"tail": tail}


@rewritten("tail_without_the_full_rank")
def tail_without_the_full_rank():
    def tail(D):
        s = np.linalg.svd(D)[1]
        return np.cumsum((s**2)[::-1])[::-1]

    return {"tail": tail}


@rewritten("tail_root")
def tail_root():
    def tail(D):
        s = np.linalg.svd(D)[1]
        return [np.linalg.norm(s[r:]) for r in range(len(s) + 1)]

    return {"tail": tail}


@rewritten("plot_of_the_values")
def plot_of_the_values():
    def rank_plot(D):
        ax = plt.figure().add_subplot()
        s = [*np.linalg.svd(D)[1], 0.0]
        ax.plot(s, label="left over")
        return ax

    return {"rank_plot": rank_plot}


@rewritten("train_on_the_mean_of_the_rows")
def train_on_the_mean_of_the_rows():
    def train_lora(W, X, Y, r, alpha, lr, steps, rng):
        n, s = len(X), alpha / r
        A = rng.normal(size=(r, W.shape[1])) / np.sqrt(W.shape[1])
        B, losses = np.zeros((W.shape[0], r)), []
        for step in range(steps + 1):
            H = X @ A.T
            gap = X @ W.T + s * H @ B.T - Y
            losses.append(float(np.sum(gap * gap) / n))
            if step < steps:
                dY = 2 / n * gap
                A, B = A - lr * s * (dY @ B).T @ X, B - lr * s * dY.T @ H
        return A, B, losses

    return {"train_lora": train_lora}
