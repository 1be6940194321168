"""People with browsers for try_compose.py."""

import re
import threading
import time

import requests

SITE = "https://localhost:8443"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Person:
    """Somebody with a browser that trusts the proxy's own authority."""

    def __init__(self, authority: str) -> None:
        self.http = requests.Session()
        self.http.verify = authority
        self.http.trust_env = False  # it may set the machine's own authorities instead

    def get(self, path: str) -> requests.Response:
        return self.http.get(SITE + path, timeout=30)

    def send(self, form: str, path: str, **fields: str) -> requests.Response:
        """Fill in and send the form on the page `form`."""
        token = TOKEN.findall(self.get(form).text)[0]
        data = {"csrfmiddlewaretoken": token, **fields}
        return self.http.post(SITE + path, data=data, headers={"Referer": SITE + form}, timeout=30)

    def add(self, title: str) -> bool:
        """Add an expense. Returns whether the list then has it."""
        fields = {"title": title, "amount": "58", "currency": "EUR", "spent_on": time.strftime("%Y-%m-%d")}
        added = self.send("/expenses/", "/expenses/add/", **fields)
        return added.ok and title in self.get("/expenses/").text


class Asking:
    """Context manager that keeps requesting a page while something happens to the site."""

    def __init__(self, person: Person) -> None:
        self.person, self.over = person, threading.Event()
        self.answers: list[int | str] = []
        self.slowest = 0.0
        self.thread = threading.Thread(target=self._ask)

    def __enter__(self) -> "Asking":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join(60)

    def _ask(self) -> None:
        while not self.over.is_set():
            began = time.monotonic()
            try:
                self.answers.append(self.person.get("/expenses/").status_code)
            except requests.RequestException as error:
                self.answers.append(type(error).__name__)
            self.slowest = max(self.slowest, time.monotonic() - began)

    def told(self) -> str:
        counts = {answer: self.answers.count(answer) for answer in set(self.answers)}
        return f"{counts}, the slowest after {self.slowest:.1f} s"
