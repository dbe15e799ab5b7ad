"""Study sessions in SQLite."""

import sqlite3

DATABASE = "study.db"


def connect():
    connection = sqlite3.connect(DATABASE)
    connection.row_factory = sqlite3.Row
    return connection


def create_tables():
    with connect() as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS session ("
            " id INTEGER PRIMARY KEY, student TEXT NOT NULL, subject TEXT NOT NULL,"
            " minutes INTEGER NOT NULL, day TEXT NOT NULL)"
        )


def add_session(student, subject, minutes, day):
    with connect() as connection:
        connection.execute(
            "INSERT INTO session (student, subject, minutes, day) VALUES (?, ?, ?, ?)",
            (student, subject, minutes, day),
        )
