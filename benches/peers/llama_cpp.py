"""SmolLM2 in llama.cpp (xllamacpp): reading the prompt, and writing 64 tokens after it.

Writing is the difference between a completion of 65 tokens and one of a single token.
"""

import json
import os
import time
import urllib.request
from pathlib import Path

import xllamacpp

from common import serve

PROMPT = (Path(__file__).parent.parent / "prompt.txt").read_text().strip()


def start():
    params = xllamacpp.CommonParams()
    params.model.path = str(Path(os.environ["LAENNEC_MODELS"]) / "SmolLM2-135M-Instruct.Q4_1.gguf")
    params.n_ctx = 1024
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.verbosity = 0
    server = xllamacpp.Server(params)

    def complete(n):
        body = {"prompt": PROMPT, "n_predict": n, "temperature": 0, "ignore_eos": True, "cache_prompt": False,
                "return_tokens": True}
        request = urllib.request.Request(server.listening_address + "/completion", json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        before = time.process_time()
        tokens = json.load(urllib.request.urlopen(request))["tokens"]
        return tokens[0], time.process_time() - before

    complete(1)
    return complete


def reading(_):
    complete = start()
    return lambda: complete(1), float


def writing(_):
    complete = start()

    def run():
        token, short = complete(1)
        return token, complete(65)[1] - short

    return run, float


try:
    serve({"reading": reading, "writing": writing})
finally:
    os._exit(0)  # the server's threads do not end by themselves
