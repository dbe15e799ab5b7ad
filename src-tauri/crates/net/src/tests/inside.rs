//! What a stranger's address must never lead to: this machine, the network behind the router, a cloud's metadata.

use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::dns::{Name, Resolve, Resolving};

use super::*;
use crate::NetError;
use crate::address::all_public;

/// Spellings of hosts inside, as an address of a board, a redirect or a link in an advert may have them.
const SPELLINGS: &[&str] = &[
    // This machine, as a number in each base, shortened, with a dot, in other scripts' digits and dots, escaped.
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "127.000.000.001",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0177.0000.0000.0001",
    "0x7f000001",
    "0x7F.0.0.1",
    "0x7f.0x0.0x0.0x1",
    "0x7f.1",
    "00000177.1",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "１２７.0.0.1",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "127．0．0．1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ｌｏｃａｌｈｏｓｔ",
    "localh%6fst",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::FFFF:7F00:1]",
    "[0:0:0:0:0:ffff:7f00:0001]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    // No machine in particular, which many systems take for this one.
    "0",
    "0.0.0.0",
    "0x0",
    "[::]",
    "[::ffff:0:0]",
    // Home networks, carriers, laboratories.
    "10.0.0.1",
    "012.0.0.1",
    "167772161",
    "172.16.0.1",
    "172.31.255.255",
    "0xac.0x10.0.1",
    "192.168.0.1",
    "192.168.1",
    "0xc0a80001",
    "3232235521",
    "100.64.0.1",
    "198.18.0.1",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[::ffff:192.168.0.1]",
    "[2002:c0a8:1::]",
    "printer.local",
    // Neighbours on the wire, and where clouds tell their secrets.
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "[::ffff:a9fe:a9fe]",
    "[fe80::1]",
    "[febf::1]",
    "[fd00:ec2::254]",
    // Everybody, nobody, examples.
    "224.0.0.1",
    "255.255.255.255",
    "[ff02::1]",
    "192.0.2.1",
    "[2001:db8::1]",
    "[3fff::1]",
];

#[tokio::test]
async fn no_spelling_of_a_host_inside_is_visited() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (net, heard) = net();
    assert!(SPELLINGS.len() >= 60);
    for host in SPELLINGS {
        for authority in [format!("{host}:{port}"), format!("board.example@{host}:{port}")] {
            // What is no address for `http` is refused before; a page's link is read by `Url`, which takes more.
            let Ok(url) = url::Url::parse(&format!("https://{authority}/jobs")) else { continue };
            let request = http::Request::get(url.as_str()).body(bytes::Bytes::new()).unwrap();
            let refused = net.visit(request, "a board", 1000).await.expect_err(host);
            assert!(matches!(refused, NetError::Inside { .. }), "{authority} is {url}: {refused}");
        }
    }
    let connected = tokio::time::timeout(Duration::from_millis(200), listener.accept()).await;
    assert!(connected.is_err(), "somebody knocked at this machine");
    assert!(heard.lock().unwrap().is_empty(), "what is not sent is no exchange");
}

/// Says one thing when it is asked first, and another thing later.
struct FlipFlop {
    answers: Vec<Vec<&'static str>>,
    asked: AtomicUsize,
}

impl Resolve for FlipFlop {
    fn resolve(&self, name: Name) -> Resolving {
        let turn = self.asked.fetch_add(1, Ordering::SeqCst).min(self.answers.len() - 1);
        let found = self.answers[turn].iter().map(|ip| format!("{ip}:0").parse().unwrap()).collect();
        let checked = all_public(name.as_str(), found);
        Box::pin(async move { checked })
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_refused_when_it_is_used() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    crate::install_tls();
    let names = Arc::new(FlipFlop {
        answers: vec![vec!["127.0.0.1"], vec!["8.8.8.8", "127.0.0.1"], vec!["[::1]"], vec![]],
        asked: AtomicUsize::new(0),
    });
    let client = reqwest::Client::builder().no_proxy().dns_resolver(names.clone()).build().unwrap();
    let mut said = Vec::new();
    for turn in 0..4 {
        let error = client.get(format!("http://flip.example:{port}/")).send().await.expect_err("refused");
        said.push(crate::error::chain(&error));
        assert_eq!(names.asked.load(Ordering::SeqCst), turn + 1, "an old answer is not used again");
    }
    assert!(said.iter().all(|why| why.contains("is no address of the internet")), "{said:#?}");
    let connected = tokio::time::timeout(Duration::from_millis(200), listener.accept()).await;
    assert!(connected.is_err(), "one address of several is enough to be let in by");
    let outside = all_public("board.example", vec!["8.8.8.8:0".parse().unwrap()]);
    assert_eq!(outside.map(Iterator::count).unwrap_or_default(), 1, "a host of the internet is asked");
}

#[tokio::test]
async fn a_redirect_of_a_stranger_is_an_answer_and_leads_nowhere() {
    let inside = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = format!("http://{}/secret", inside.local_addr().unwrap());
    let board = host::Host::start(move |_| host::Answer::of(302).header(format!("Location: {to}"))).await;
    let (net, _) = net();
    let request = http::Request::get(format!("{}/jobs", board.base)).body(bytes::Bytes::new()).unwrap();
    let answer = net.visit_here(request, "a board", 1000).await.unwrap();
    assert_eq!(answer.status(), 302, "whoever asked looks at the next address as at the first");
    let connected = tokio::time::timeout(Duration::from_millis(200), inside.accept()).await;
    assert!(connected.is_err(), "a redirect is not followed by itself");
}
