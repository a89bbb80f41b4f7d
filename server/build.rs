//! Builds the binary anew when the web part has changed, which is embedded in it.

#[allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
fn main() {
    println!("cargo:rerun-if-changed=../web/dist");
}
