//! A probe for `tests/confine.rs`; on systems without a sandbox there is nothing to try.

#[cfg(target_os = "linux")]
mod linux;

fn main() {
    #[cfg(target_os = "linux")]
    linux::main();
}
