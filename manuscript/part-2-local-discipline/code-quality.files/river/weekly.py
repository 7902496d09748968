# -*- coding: utf-8 -*-
"""weekly report: python weekly.py READINGS.csv..."""
import os, sys, csv
from typing import List, Optional
import json


def note(line, lines = []) :
    """collect the lines of the report"""
    lines.append(line)
    return lines

def levels(path : str) -> List[float] :
    rows = []
    try :
        f = open(path, 'r')
        for row in csv.reader(f) :
            rows.append(float(row[1]))
        f.close()
    except :
        print('cannot read %s' % path)
    return rows

def highest(values : List[float]) -> Optional[float] :
    if len(values) == 0 : return None
    else :
        return max(values)

def main() :
    total = 0
    for path in sys.argv[1:] :
        values = levels(path)
        top = highest(values)
        if top == None : continue
        total = total + len(values)
        gauge = path.split('/')[-1].replace('.csv', '')
        note('{0}: highest {1:.2f} m'.format(gauge, top))
    note('%d readings' % total)
    report = note('levels above the gauge datum')
    for i in range(len(report)) : print(report[i])

main()
