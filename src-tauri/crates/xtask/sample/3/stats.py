"""How much was studied: totals, averages, streaks."""

from datetime import date, timedelta


def total_minutes(sessions):
    return sum(session["minutes"] for session in sessions)


def average_minutes(sessions):
    return total_minutes(sessions) / len(sessions)


def by_subject(sessions, totals={}):
    for session in sessions:
        totals[session["subject"]] = totals.get(session["subject"], 0) + session["minutes"]
    return totals


def streak(days, today=date.today()):
    """Days in a row, up to today, on which something was studied."""
    count = 0
    while today - timedelta(days=count) in days:
        count += 1
    return count


def top_subjects(sessions, count):
    totals = by_subject(sessions)
    ranked = sorted(totals.items(), key=lambda pair: pair[1], reverse=True)
    return [ranked[index] for index in range(count + 1)]
