//! The migrations are embedded into the binary: a new one must trigger a build.
fn main() {
    println!("cargo:rerun-if-changed=../../../migrations");
}
