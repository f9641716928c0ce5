"""Answers the grader's orders itself: says forked without forking, and speaks for the test in its own process. No points."""
# %%
FRAMES
control = socket.socket(fileno=os.dup(sockets()[0]))
shout(frame({"op": "opened", "errors": []}))
while True:
    head, fds, _, _ = socket.recv_fds(control, 4, 4)
    if not head: break
    order = msgspec.msgpack.decode(control.recv(*struct.unpack("<I", head), socket.MSG_WAITALL))
    if order["op"] == "fork":
        test = socket.socket(fileno=fds[0])
        control.sendall(frame({"op": "forked"}))
        for seq in range(1, 5): test.sendall(frame({"op": "returned", "seq": seq, "value": 1.0}))
    else:
        control.sendall(frame({"op": "reaped", "signal": 24, "exit": 0}))
