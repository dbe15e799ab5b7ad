#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| internflow_fuzz::advert(data));
