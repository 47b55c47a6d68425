"""A slow network hands everything on, in order, and not before its time."""

import contextlib
import socket
import threading
import time

import pytest

from optlab.bench.slow_network import SlowNetwork


@pytest.fixture
def echo():
    """The port of a server that sends back what it gets."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        yield server.getsockname()[1]


def serve(server):
    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()


def answer(connection):
    with connection, contextlib.suppress(OSError):
        while data := connection.recv(65536):
            connection.sendall(data)


def sent_and_back(port, data):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        began = time.perf_counter()
        sending = threading.Thread(target=connection.sendall, args=(data,))
        sending.start()
        back = b""
        while len(back) < len(data):
            back += connection.recv(65536)
        sending.join()
        return back, time.perf_counter() - began


def test_everything_comes_through_in_order_and_late(echo):
    data = bytes(range(256)) * 5000
    with SlowNetwork(echo, delay=0.05) as network:
        back, seconds = sent_and_back(network.port, data)
    assert back == data
    assert seconds >= 0.1


def test_many_messages_wait_at_the_same_time(echo):
    """A delay is no bandwidth: twenty times 64 KiB take one delay there and back, not twenty."""
    with SlowNetwork(echo, delay=0.25) as network:
        seconds = sent_and_back(network.port, bytes(20 * 65536))[1]
    assert 0.5 <= seconds < 20 * 0.25


def test_the_delay_can_be_changed_while_it_is_open(echo):
    with SlowNetwork(echo) as network, socket.create_connection(("127.0.0.1", network.port)) as connection:
        for delay in (0.0, 0.1):
            network.delay = delay
            began = time.perf_counter()
            connection.sendall(b"x")
            assert connection.recv(1) == b"x"
            assert time.perf_counter() - began >= 2 * delay


def test_when_one_side_ends_the_other_is_told(echo):
    with SlowNetwork(echo) as network:
        connection = socket.create_connection(("127.0.0.1", network.port))
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
        connection.close()


def test_nobody_there_is_a_closed_connection():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with SlowNetwork(port) as network, socket.create_connection(("127.0.0.1", network.port)) as connection:
        assert connection.recv(1) == b""
