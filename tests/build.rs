//! Tells the tests for which platform they were built: cargo tells that to build scripts only.
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=INTERNFLOW_TARGET_TRIPLE={}", std::env::var("TARGET").expect("cargo sets it"));
}
