"""Dask's TLS settings (`distributed.comm.tls.*`), and what is wrong with them, in words that say what to do."""

from __future__ import annotations

import ssl
from pathlib import Path

import distributed

_SETTINGS = {
    "distributed.comm.tls.ca-file": "tls_ca_file",
    "distributed.comm.tls.client.cert": "tls_client_cert",
    "distributed.comm.tls.client.key": "tls_client_key",
}


def settings_for(address: str) -> distributed.Security:
    """Dask's security settings for a scheduler's address. Raises ValueError, saying what is wrong with them."""
    security = distributed.Security()
    if not address.startswith("tls://"):
        if security.require_encryption:
            raise ValueError("distributed.comm.require-encryption is set, so the address must begin with tls://")
        return security
    files = {setting: getattr(security, field) for setting, field in _SETTINGS.items()}
    if missing := [setting for setting, file in files.items() if not file and not setting.endswith("key")]:
        raise ValueError(f"no {' and no '.join(missing)} in Dask's configuration")
    for setting, file in files.items():
        _check_readable(setting, file)
    try:
        security.get_connection_args("client")
    except ssl.SSLError as error:
        named = ", ".join(f"{setting} = {file}" for setting, file in files.items() if file)
        raise ValueError(f"{error.reason or error}: {named}") from None
    return security


def _check_readable(setting: str, file: str | None) -> None:
    """Raise ValueError if a file is named that cannot be read. Without a key file, the key is in the certificate's."""
    if not file or "\n" in file:  # the setting may be the certificate itself
        return
    try:
        Path(file).read_bytes()
    except OSError as error:
        raise ValueError(f"{setting}: {file}: {error.strerror}") from None


def refusal(address: str, error: BaseException) -> str:
    """How an encrypted connection was refused; "" if that is not why an attempt to connect has failed."""
    if not address.startswith("tls://"):
        return ""
    if isinstance(error, ValueError) and "IOStream is not idle" in str(error):  # Tornado's words for an early reply
        return "it replied without TLS"
    if not isinstance(error, distributed.comm.CommClosedError):
        return ""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError) or "SSLError" in str(cause):
            return str(cause).rpartition("SSLError: ")[2]
        cause = cause.__cause__ or cause.__context__
    return "it closed the connection"  # the alert that says why may be lost on the way
