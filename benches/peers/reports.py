"""The template fill of `laennec corpus report` in Python: a manifest comes in, a JSONL file with one
report a recording goes out, by pandas or by `datasets.map`. The words are fewer and nothing is
read back.

usage: reports.py pandas|datasets MANIFEST OUTPUT
"""

import json
import random
import sys
import time

OPENING = [
    "This is a recording of {organ}{person}{site}, {s} s long.",
    "The recording is of {organ}{person}{site}, lasting {s} s.",
    "Auscultation of {organ}{person}{site} (duration {s} s).",
]
PRESENT = ["{names} are heard.", "There are {names}.", "The recording shows {names}."]
ABSENT = ["No {names} are heard.", "There are no {names}.", "The recording is free of {names}."]
GROUPS = [(1, "infant"), (3, "toddler"), (6, "preschool child"), (12, "school-age child"),
          (18, "adolescent"), (65, "adult"), (200, "older adult")]


def fill(row):
    """One report from the fields of one row."""
    draw = random.Random(f"7|{row['id']}")
    age = row["age_years"]
    group = None if age is None or age != age else next(word for top, word in GROUPS if age < top)
    words = [word for word in (row["sex"], group) if isinstance(word, str)]
    said = {"present": [], "absent": []}
    for finding in row["findings"]:
        if finding["presence"] in said:
            said[finding["presence"]].append(finding["finding"].replace("_", " "))
    site = row["site"]
    sentences = [draw.choice(OPENING).format(
        organ=f"{row['domain']} sounds",
        person=f" from a {' '.join(words)}" if words else "",
        site=f" at the {site.replace('_', ' ')}" if isinstance(site, str) else "",
        s=f"{row['seconds']:.1f}",
    )]
    for presence, patterns, joint in (("present", PRESENT, " and "), ("absent", ABSENT, " or ")):
        if said[presence]:
            sentences.append(draw.choice(patterns).format(names=joint.join(said[presence])))
    for event in row["events"]:
        if event["kind"] != "normal":
            kind = event["kind"].replace("_", " ")
            sentences.append(f"{kind} at {event['start_s']:.1f}-{event['end_s']:.1f} s.")
    rest = sentences[1:]
    draw.shuffle(rest)
    sentences[1:] = rest
    return {"id": row["id"], "text": " ".join(sentences)}


def main():
    which, manifest, output = sys.argv[1:]
    if which == "pandas":
        import pandas
        start = time.process_time()
        frame = pandas.read_parquet(manifest)
        with open(output, "w", encoding="utf-8") as file:
            for row in frame.to_dict("records"):
                file.write(json.dumps(fill(row)) + "\n")
        count = len(frame)
    else:
        import datasets
        datasets.disable_progress_bars()
        datasets.disable_caching()
        start = time.process_time()
        table = datasets.Dataset.from_parquet(manifest)
        table = table.map(fill, remove_columns=[name for name in table.column_names if name != "id"])
        table.to_json(output)
        count = len(table)
    print(f"{which}: {count} reports, {time.process_time() - start:.2f} s of processor time")


main()
