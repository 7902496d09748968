"""Say what a gauge is doing: python river.py READINGS.csv"""
import csv
import sys
import requests
from dateutil import parser


def load(source):
    if source.startswith("http"):
        text = requests.get(source, timeout=10).text
    else:
        text = open(source).read()
    rows = csv.reader(text.splitlines())
    return [(parser.parse(when), float(level)) for when, level in rows]


def state(readings):
    (start, first), (end, last) = readings[0], readings[-1]
    hours = (end - start).total_seconds() / 3600
    rising = (last - first) / hours >= 0.25
    return "high" if last >= 2.0 else "rising" if rising else "normal"


readings = load(sys.argv[1])
print(state(readings), readings[-1][1], "m")
