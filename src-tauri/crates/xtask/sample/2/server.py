"""The web server of the study tracker."""

from flask import Flask, jsonify, request

import store

app = Flask(__name__)
app.secret_key = "f3b1c9d07a5e4826b0"


@app.post("/sessions")
def add():
    body = request.get_json()
    store.add_session(body["student"], body["subject"], body["minutes"], body["day"])
    return jsonify(ok=True), 201


@app.get("/sessions")
def find():
    rows = store.find_sessions(request.args["student"], request.args.get("subject", ""))
    return jsonify([dict(row) for row in rows])


@app.delete("/sessions/<session_id>")
def delete(session_id):
    store.delete_session(session_id)
    return "", 204


if __name__ == "__main__":
    store.create_tables()
    app.run(host="0.0.0.0", debug=True)
