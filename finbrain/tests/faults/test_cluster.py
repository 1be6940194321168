"""A replica set of three on this machine: the primary steps down, and is killed."""

import os
import signal
import subprocess

import pytest
from pymongo import MongoClient

from finbrain.embedded import process
from finbrain.embedded.mongod import Mongod
from finbrain.tests.faults.site import running_site, running_valkey
from finbrain.tests.faults.traffic import check, during
from finbrain.tests.waiting import until


class Cluster:
    """Three mongods with an election time-out of 2 s, so that the test doesn't wait for the usual 10."""

    def __init__(self, folder):
        self.nodes = [Mongod(folder / f"node{number}") for number in range(3)]
        self.children: list[subprocess.Popen] = []
        for node in self.nodes:
            node.key_file, node.password = self.nodes[0].key_file, self.nodes[0].password
            self.children.append(node.launch(process.free_port()))
        for place in range(len(self.nodes)):
            self.wait_until_it_listens(place)
        hosts = [f"{process.LOCALHOST}:{node.port}" for node in self.nodes]
        self.uri = self.nodes[0].uri.replace(hosts[0], ",".join(hosts))
        members = [{"_id": number, "host": host} for number, host in enumerate(hosts)]
        config = {"_id": "rs0", "members": members, "settings": {"electionTimeoutMillis": 2000}}
        with self.nodes[0].connect() as client:
            client.admin.command("replSetInitiate", config)
        key = self.nodes[0].key_file.read_text()
        place = f"{','.join(hosts)}/?replicaSet=rs0&authSource=local&authMechanism=SCRAM-SHA-256"
        with MongoClient(f"mongodb://__system:{key}@{place}", serverSelectionTimeoutMS=120_000) as client:
            self.nodes[0].admit_user(client)
        self.client = MongoClient(self.uri, serverSelectionTimeoutMS=120_000)
        self.client.admin.command("ping")

    def primary(self) -> int:
        """The index of the primary among the nodes."""
        _, port = until(lambda: self.client.primary, "a primary")
        return [node.port for node in self.nodes].index(port)

    def kill(self, place: int) -> None:
        os.kill(self.children[place].pid, signal.SIGKILL)
        self.children[place].wait()

    def wait_until_it_listens(self, place: int) -> None:
        node = self.nodes[place]
        until(lambda: process.listens(node.port), lambda: f"mongod {place} to listen; {node.last_words()}")

    def stop(self) -> None:
        self.client.close()
        for child in self.children:
            process.stop(child, 5)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    yield found
    found.stop()


@pytest.fixture(scope="module")
def site(cluster, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with running_valkey(folder) as uri, running_site({"MONGODB_URI": cluster.uri, "REDIS_URL": uri}, folder) as found:
        yield found


def test_the_primary_steps_down(site, cluster, people):
    def fault() -> float:
        before = cluster.client.primary
        cluster.client.admin.command("replSetStepDown", 60, secondaryCatchUpPeriodSecs=30)
        until(lambda: cluster.client.primary not in (None, before), "another primary")
        return site.seconds_until_back()

    books = during(site, people, fault)
    check("primary of three steps down", site, people, books)


def test_the_primary_is_killed(site, cluster, people):
    def fault() -> float:
        place = cluster.primary()
        cluster.kill(place)
        took = site.seconds_until_back()
        cluster.children[place] = cluster.nodes[place].launch(cluster.nodes[place].port)
        cluster.wait_until_it_listens(place)
        return took

    books = during(site, people, fault)
    check("primary of three kill -9", site, people, books)
