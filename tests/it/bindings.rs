//! The UI's types are those of the core.

#[test]
fn bindings_are_what_the_core_says() {
    let file = internflow_tests::here().join("../ui/src/api/bindings.ts");
    let now = internflow_core::api::bindings();
    let mut names: Vec<&str> =
        now.lines().filter_map(|line| line.strip_prefix("export type ")?.split(' ').next()).collect();
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect();
    assert_eq!(twice, [""; 0], "two types of ours have one name, and TypeScript knows no crates");
    if std::env::var_os("INTERNFLOW_BLESS").is_some() {
        std::fs::write(&file, &now).expect("the bindings are written");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == now,
        "ui/src/api/bindings.ts is stale: INTERNFLOW_BLESS=1 cargo nextest run bindings"
    );
}
