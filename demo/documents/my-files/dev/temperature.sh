#!/bin/sh
# Prints the warmest hour of a day from the log of the hive scale.
# Usage: temperature.sh 2026-01-09 < log.csv   (columns: date,hour,celsius)
awk -F, -v day="$1" '
	$1 == day && (!seen || $3 > best) { best = $3; hour = $2; seen = 1 }
	END { if (seen) print hour ":00", best " °C"; else { print "no such day" > "/dev/stderr"; exit 1 } }
'
