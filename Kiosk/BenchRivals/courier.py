# SPDX-License-Identifier: Apache-2.0
"""An ordinary store-and-forward courier, honestly written: a durable queue, one kept
connection with mutual TLS, retries with back-off, ids that make sending twice harmless,
refused items set aside. One item a request, as such programs do.

    courier.py FOLDER          puts items.jsonl (the body of each request, one a line) into the queue
    courier.py FOLDER URL      says `ready`, waits for a line, carries, ends with a line of JSON

FOLDER also holds the PEM files.
"""

import json
import os
import random
import resource
import sys
import time

import persistqueue
import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

VERDICTS = "application/vnd.nightdesk.verdicts+json"


def session(folder: str) -> requests.Session:
    retry = Retry(
        total=4,
        backoff_factor=0.25,
        backoff_max=4,
        backoff_jitter=0.1,
        status_forcelist=(408, 425, 429, 500, 502, 503, 504),
        allowed_methods=None,
        raise_on_status=False,
        respect_retry_after_header=True,
    )
    opened = requests.Session()
    opened.mount("https://", HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=retry))
    opened.verify = os.path.join(folder, "authority.pem")
    opened.cert = (os.path.join(folder, "terminal.pem"), os.path.join(folder, "terminal.key"))
    # Settings of the machine (proxies) are looked up once, not for each request.
    opened.trust_env = False
    opened.headers.update({"Content-Type": "application/json", "Accept": VERDICTS})
    return opened


def verdict(opened: requests.Session, url: str, body: str) -> str | None:
    """`stored`, `already`, `refused`; None when nothing was said about the item."""
    try:
        answer = opened.post(url, data=body, timeout=(3.05, 10))
    except requests.RequestException:
        return None
    if answer.status_code != 200 or answer.headers.get("Content-Type") != VERDICTS:
        return None
    return answer.json()["verdicts"][0]["verdict"]


def carry(queue: persistqueue.SQLiteAckQueue, opened: requests.Session, url: str) -> dict[str, int]:
    counts = {"sent": 0, "refused": 0}
    pause = 0.25
    settled = 0
    while True:
        try:
            item = queue.get(block=False)
        except persistqueue.exceptions.Empty:
            return counts
        word = verdict(opened, url, item)
        if word is None:
            queue.nack(item)
            time.sleep(pause * random.uniform(0.5, 1))
            pause = min(4, pause * 2)
            continue
        pause = 0.25
        if word == "refused":
            queue.ack_failed(item)
            counts["refused"] += 1
        else:
            queue.ack(item)
            counts["sent"] += 1
        settled += 1
        if settled % 200 == 0:
            queue.clear_acked_data(max_delete=1000, keep_latest=0)


def own_memory() -> float:
    """RssAnon in MB."""
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
    return 0.0


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def fill(queue: persistqueue.SQLiteAckQueue, folder: str) -> None:
    with open(os.path.join(folder, "items.jsonl"), encoding="utf-8") as items:
        for line in items:
            queue.put(line.rstrip("\n"))


def main() -> None:
    folder = sys.argv[1]
    queue = persistqueue.SQLiteAckQueue(os.path.join(folder, "queue"))
    if len(sys.argv) == 2:
        fill(queue, folder)
        return
    url = sys.argv[2]
    opened = session(folder)
    print("ready", flush=True)
    sys.stdin.readline()
    start, before = time.monotonic(), cpu()
    counts = carry(queue, opened, url)
    seconds = time.monotonic() - start
    report = {"seconds": seconds, "cpuSeconds": cpu() - before, "memoryMB": own_memory(), **counts}
    print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
