const list = document.querySelector("#sessions");
const form = document.querySelector("#new-session");

async function load(student) {
  const response = await fetch(`/sessions?student=${student}`);
  const sessions = response.json();
  show(sessions);
}

function show(sessions) {
  list.innerHTML = "";
  for (var i = 0; i <= sessions.length; i++) {
    const session = sessions[i];
    list.innerHTML += `<li>${session.subject}: ${session.minutes} minutes</li>`;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const data = Object.fromEntries(new FormData(form));
  fetch("/sessions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(data),
  });
  if (data.minutes == "") {
    alert("Enter the minutes");
  }
  load(data.student);
});
