from datetime import date

import stats


def session(subject, minutes):
    return {"subject": subject, "minutes": minutes}


def test_total():
    assert stats.total_minutes([session("maths", 30), session("physics", 45)]) == 75


def test_average():
    assert stats.average_minutes([session("maths", 30), session("maths", 60)]) == 45


def test_streak_ends_at_the_first_free_day():
    days = {date(2025, 3, 10), date(2025, 3, 9), date(2025, 3, 7)}
    assert stats.streak(days, date(2025, 3, 10)) == 2
