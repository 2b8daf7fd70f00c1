// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// C functions for FromStr and Display of Ipv4Addr and Ipv6Addr of Rust's standard library. The text is
// not checked to be UTF-8, as a &str is not; output goes to a buffer of the caller, which is faster than
// to_string.
use std::io::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

/// # Safety
/// text[0, len) can be read and is UTF-8.
unsafe fn text_of<'a>(text: *const u8, len: usize) -> &'a str {
    std::str::from_utf8_unchecked(std::slice::from_raw_parts(text, len))
}

#[no_mangle]
pub unsafe extern "C" fn rust_parse_ipv4(text: *const u8, len: usize, out: *mut u8) -> bool {
    match text_of(text, len).parse::<Ipv4Addr>() {
        Ok(address) => {
            std::ptr::copy_nonoverlapping(address.octets().as_ptr(), out, 4);
            true
        }
        Err(_) => false,
    }
}

#[no_mangle]
pub unsafe extern "C" fn rust_parse_ipv6(text: *const u8, len: usize, out: *mut u8) -> bool {
    match text_of(text, len).parse::<Ipv6Addr>() {
        Ok(address) => {
            std::ptr::copy_nonoverlapping(address.octets().as_ptr(), out, 16);
            true
        }
        Err(_) => false,
    }
}

unsafe fn write_text<T: std::fmt::Display>(address: T, out: *mut u8) {
    let mut rest: &mut [u8] = std::slice::from_raw_parts_mut(out, 46);
    let _ = write!(rest, "{}\0", address);
}

#[no_mangle]
pub unsafe extern "C" fn rust_format_ipv4(address: *const [u8; 4], out: *mut u8) {
    write_text(Ipv4Addr::from(*address), out)
}

#[no_mangle]
pub unsafe extern "C" fn rust_format_ipv6(address: *const [u8; 16], out: *mut u8) {
    write_text(Ipv6Addr::from(*address), out)
}
