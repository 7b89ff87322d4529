"""The peers' side of the protocol in benches/src/lib.rs: cases in, CPU seconds per run out."""

import sys
import time

ROUND = 0.3


def noise(length):
    """The same numbers as `noise` of benches/src/lib.rs, float32."""
    import numpy as np

    state, out = 1, np.empty(length, np.float32)
    for i in range(length):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out[i] = (state >> 8) / (1 << 23) - 1
    return out


def mean_magnitude(values):
    import numpy as np

    return float(np.abs(np.asarray(values, np.float64)).mean())


def timed(work):
    """`work` as a function that gives (check, CPU seconds)."""

    def run():
        before = time.process_time()
        result = work()
        spent = time.process_time() - before
        return result, spent

    return run


def serve(cases):
    """cases: name -> function (file or None) -> (run, check), `run` giving (result, CPU seconds)."""
    run, check = cases[sys.argv[1]](sys.argv[2] if len(sys.argv) > 2 else None)
    result, _ = run()
    print(f"ready {check(result):.9e}", flush=True)
    for _ in sys.stdin:
        spent, runs = 0.0, 0
        while spent < ROUND:
            spent += run()[1]
            runs += 1
        print(f"{spent / runs:.9e}", flush=True)
