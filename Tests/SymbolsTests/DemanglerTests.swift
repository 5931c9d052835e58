// SPDX-License-Identifier: Apache-2.0

import Symbols
import Testing

@Suite("Demangling")
struct DemanglerTests {
    @Test(
        "turns C++ names into qualified names",
        arguments: [
            ("_Z3foov", "foo"),
            ("_ZN3net6Socket5closeEv", "net::Socket::close"),
            ("_ZNK3net6Socket6isOpenEv", "net::Socket::isOpen"),
            ("_ZN3net6SocketC2Ei", "net::Socket::Socket"),
            ("_ZN3net6SocketD0Ev", "net::Socket::~Socket"),
            ("_ZN12_GLOBAL__N_14workEi", "(anonymous namespace)::work"),
            ("_ZNSt6vectorIiSaIiEE9push_backEOi", "std::vector<int, std::allocator<int>>::push_back"),
            ("_ZNSt6vectorIiSaIiEEC1Ev", "std::vector<int, std::allocator<int>>::vector"),
            (
                "_ZNSt3mapIPKcSsSt4lessIS1_ESaISt4pairIKS1_SsEEEixERS5_",
                "std::map<char const*, std::string, std::less<char const*>, "
                    + "std::allocator<std::pair<char const* const, std::string>>>::operator[]"
            ),
            ("_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_PKc", "std::operator<<<std::char_traits<char>>"),
            ("_ZN3foo3barILi3ELb1EEEvv", "foo::bar<3, true>"),
            ("_ZTV6Widget", "vtable for Widget"),
            ("_ZGVZ4mainE1x", "guard variable for main::x"),
            ("_ZZ4mainENKUlvE_clEv", "main::{lambda}::operator()"),
            ("_ZN3foo3barEv.cold", "foo::bar [cold]"),
        ])
    func cxx(mangled: String, readable: String) {
        #expect(Demangler.demangle(mangled) == readable)
    }

    @Test("drops the hash of Rust names and decodes their marks")
    func rust() {
        #expect(Demangler.demangle("_ZN4core3fmt5write17h0123456789abcdefE") == "core::fmt::write")
        #expect(
            Demangler.demangle("_ZN46_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$X$GT$4push17h0123456789abcdefE")
                == "<alloc::vec::Vec<T> as X>::push")
    }

    @Test("asks Swift's run-time library for Swift names")
    func swift() {
        #expect(Demangler.demangle("$s4main5helloyyF").contains("hello"))
        #expect(Demangler.demangle("$sSS7cStringSSSPys4Int8VG_tcfC").contains("String"))
    }

    @Test("leaves what it does not understand as it is")
    func unknown() {
        for name in [
            "", "main", "_Z", "_ZN", "_ZN3fo", "_ZN3fooE_", "_ZNS_E", "_ZTv0_n24_N1A1fEv", "$s",
            "_ZN9999999999999999foo",
            "_RNvC6_123foo3bar", "_ZIIIIII", "_ZN1aIXadL_Z1fvEEE1bEv",
        ] {
            let answer = Demangler.demangle(name)
            #expect(answer == name || !answer.isEmpty)
        }
        #expect(Demangler.demangle("_ZN3fo") == "_ZN3fo")
        #expect(Demangler.demangle("_RNvC6_123foo3bar") == "_RNvC6_123foo3bar")
    }

    @Test("hostile names take little time and no deep recursion")
    func hostile() {
        let pointers = "_Z1fI" + String(repeating: "P", count: 2000) + "iE"
        #expect(Demangler.demangle(pointers) == pointers)
        let long = "_Z" + String(repeating: "N", count: 100_000)
        #expect(Demangler.demangle(long) == long)
        var doubling = "_ZN1aI"
        for _ in 0..<300 { doubling += "S_S_" }
        _ = Demangler.demangle(doubling + "E1bEv")
        let alphabet = Array("_ZNSIE0123456789abcdiPKRTLJCDUltv$.".utf8)
        for _ in 0..<3000 {
            let tail = (0..<Int.random(in: 0...40)).compactMap { _ in alphabet.randomElement() }
            _ = Demangler.demangle("_ZN" + String(decoding: tail, as: UTF8.self))
        }
    }
}
