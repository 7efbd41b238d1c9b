"""SimPy's event queue: how many events a second it takes and replaces with many pending.

Arguments: pending events, events to replace, rounds. Prints the seconds of each round as JSON.
"""

import json
import random
import sys
import time

import simpy

pending, holds, rounds = (int(one) for one in sys.argv[1:4])
chance = random.Random(1)
delays = [chance.randrange(2_000_000_000) for _ in range(1 << 16)]


def turn():
    env = simpy.Environment()
    state = {"next": 0, "left": holds}

    def again(_event):
        state["left"] -= 1
        schedule()

    def schedule():
        i = state["next"]
        state["next"] = i + 1
        env.timeout(delays[i & 0xFFFF]).callbacks.append(again)

    for _ in range(pending):
        schedule()
    # The first turn brings the queue to its steady state and is not counted.
    while state["left"] > 0:
        env.step()
    state["left"] = holds
    start = time.process_time()
    while state["left"] > 0:
        env.step()
    return time.process_time() - start


print(json.dumps([turn() for _ in range(rounds)]))
