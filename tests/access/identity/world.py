"""An identity provider of OpenID Connect that runs on the machine itself, and a municipality that trusts it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from django.test import Client

from roder.core.identity import read_identity

CODE = "exempelkoping"
LOGIN = f"/konto/oidc/{CODE}/login/"
RULES = """
    groups:
      - {group: Roder Controller, role: controller, committee: prov-von}
      - {group: "Roder-EC-{unit}", role: unit_manager, committee: prov-von, unit: "{unit}"}
      - {group: Roder Systemförvaltare, role: administrator, committee: prov-von}
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class RunningProvider:
    """The provider, as its own process. ``client_id`` and ``secret`` are those it gave Roder when it was registered."""

    url: str
    client_id: str = ""
    secret: str = ""

    def knows(self, subject: str, **claims: Any) -> None:
        """Somebody with these claims can log in there."""
        requests.put(f"{self.url}/users/{subject}", json=claims, timeout=10).raise_for_status()

    def registers(self, *addresses: str) -> None:
        """Register Roder: only these addresses may be answered to, and the secret is asked for."""
        asked = {"redirect_uris": list(addresses), "token_endpoint_auth_method": "client_secret_post"}
        answer = requests.post(f"{self.url}/oauth2/clients", json=asked, timeout=10)
        answer.raise_for_status()
        self.client_id, self.secret = answer.json()["client_id"], answer.json()["client_secret"]

    def answers(self, address: str, subject: str) -> str:
        """Somebody logs in at the provider: the address that their browser is sent back to."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


@contextmanager
def provider_runs() -> Iterator[RunningProvider]:
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), "-r", "true"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://localhost:{port}"
    try:
        for _ in range(200):
            try:
                requests.get(f"{url}/.well-known/openid-configuration", timeout=5).raise_for_status()
                break
            except requests.RequestException:
                assert process.poll() is None, "leverantören startade inte"
                time.sleep(0.1)
        yield RunningProvider(url)
    finally:
        process.terminate()
        process.wait(10)


def trust(settings: Any, folder: Path, text: str) -> None:
    """Read ``text`` as the municipality's identity file, as at start."""
    path = folder / "identitet.yaml"
    path.write_text(text, encoding="utf-8")
    settings.IDENTITY, settings.SOCIALACCOUNT_PROVIDERS = read_identity(path)


def oidc_file(provider: RunningProvider, extra: str = "", rules: str = RULES, top: str = "") -> str:
    return f"""\
{top}
providers:
  - code: {CODE}
    name: Exempelköpings kommun
    protocol: oidc
    server: {provider.url}
    client_id: "{provider.client_id}"
    client_secret_file: hemlighet
{extra}
{rules}
"""


def through(
    client: Client, provider: RunningProvider, subject: str, follow: bool = True, start: str = LOGIN
) -> Any:
    """Somebody logs in the whole way: Roder, the provider, and back."""
    away = client.get(start)
    assert away.status_code == 302, away.content.decode()
    back = urlsplit(provider.answers(away["Location"], subject))
    return client.get(f"{back.path}?{back.query}", follow=follow)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
