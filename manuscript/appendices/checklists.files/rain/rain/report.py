import sys, os
from dateutil.parser import parse

def read(name, days = []) :
    for line in open(name) :
        when, amount = line.split(',')
        try :
            days.append((parse(when).date(), float(amount)))
        except :
            pass
    return days

def main() :
    days = read(sys.argv[1])
    total = sum(amount for day, amount in days)
    print('%d days, %.1f mm, most on %s' % (len(days), total, max(days, key = lambda d: d[1])[0]))

if __name__ == '__main__' :
    main()
