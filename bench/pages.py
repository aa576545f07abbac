"""Requests a second of the board and of "Mijn traject", as a ratio to a hello-world page served the same way in this run."""

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median

LEADER = "projectleider@example.org"
PARTICIPANT = "deelnemer03.zh05@example.org"
SECONDS = 3
ROUNDS = 7
CONNECTIONS = 16
HELLO_OVER_BOARD = 8


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(command: list[str], port: int) -> Iterator[str]:
    """``command`` running and answering on ``port``; its address."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(address, timeout=2)
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit(f"{command} did not answer within a minute")
        yield address
    finally:
        process.terminate()
        process.wait()


def signed_in_cookie(address: str, email: str) -> str:
    """The cookie header of a session of the demo account ``email``."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{address}/sign-in").read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if token is None:
        raise SystemExit("the sign-in page has no form")
    form = urllib.parse.urlencode({"email": email, "csrf_token": token.group(1)}).encode()
    browser.open(f"{address}/sign-in/als", form)
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def requests_per_second(url: str, cookie: str = "") -> float:
    """What wrk makes of ``url`` in some seconds; every answer must be a page."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", f"Cookie: {cookie}", url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output:
        raise SystemExit(f"{url} answered with something else than a page:\n{output}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if found is None:
        raise SystemExit(output)
    return float(found.group(1))


def main() -> None:
    """Hello, board, path in turn, several times: a machine's speed drifts, so a ratio is of one round, the median of all."""
    if shutil.which("wrk") is None:
        raise SystemExit("make bench needs wrk: apt-get install wrk")
    port, hello_port = free_port(), free_port()
    with (
        serving([sys.executable, "-m", "hto_track", "demo", "--port", str(port)], port) as address,
        serving([sys.executable, "-m", "bench.hello", str(hello_port)], hello_port) as hello,
    ):
        pages = {
            "hello": (hello, ""),
            "board": (f"{address}/groepen/ZH-05", signed_in_cookie(address, LEADER)),
            "traject": (f"{address}/mijn-traject", signed_in_cookie(address, PARTICIPANT)),
        }
        rounds = [{name: requests_per_second(*page) for name, page in pages.items()} for _ in range(ROUNDS)]
    for name in pages:
        speed = median(each[name] for each in rounds)
        ratios = sorted(each["hello"] / each[name] for each in rounds)
        wanted = f"   (wanted 1/{HELLO_OVER_BOARD})" if name == "board" else ""
        print(
            f"{name:<8} {speed:8.0f} requests/s, hello is {median(ratios):6.1f} times that"
            f" ({ratios[0]:.1f} to {ratios[-1]:.1f}){wanted}"
        )


if __name__ == "__main__":
    assert Path("hto_track").is_dir(), "run it from the project's root"
    main()
