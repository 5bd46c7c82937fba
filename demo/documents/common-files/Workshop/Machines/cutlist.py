"""Says how many boards a cutting list needs.

Usage: cutlist.py BOARD_LENGTH_MM < list.csv
"""

import csv
import sys

KERF = 4  # what the blade takes, in millimetres


def boards(lengths, board):
    """Longest piece first, each into the first board where it fits."""
    rest = []
    for length in sorted(lengths, reverse=True):
        for i, free in enumerate(rest):
            if free >= length + KERF:
                rest[i] = free - length - KERF
                break
        else:
            rest.append(board - length)
    return len(rest)


def main():
    board = int(sys.argv[1])
    lengths = []
    for row in csv.DictReader(sys.stdin):
        lengths += [int(row["length mm"])] * int(row["count"])
    print(f"{len(lengths)} pieces, {boards(lengths, board)} boards of {board} mm")


if __name__ == "__main__":
    main()
