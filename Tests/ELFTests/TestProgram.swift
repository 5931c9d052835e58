// SPDX-License-Identifier: Apache-2.0

import Bytes
import ELF
import TestSupport

/// The program that most tests here read.
enum TestProgram {
    /// Compiles the program, or another source, for BPF.
    static func object(
        of source: String = source, target: String = "bpfel", _ arguments: [String] = []
    ) throws -> OwnedBytes {
        try CompiledC.compile(source, ["--target=\(target)", "-g", "-O2", "-c"] + arguments)
    }

    static let source = """
        struct { int (*type)[1]; unsigned *key; } counts __attribute__((section(".maps"), used));
        static void *(*look)(void *map, const void *key) = (void *)1;
        const volatile int minimum = 5;
        int state;
        char LICENSE[] __attribute__((section("license"))) = "Dual BSD/GPL";
        static __attribute__((noinline)) int helper(int value) { return value + state; }
        __attribute__((section("tp/one"), used)) int one(void *context) {
            unsigned key = 0;
            return look(&counts, &key) != 0 ? helper(minimum) : 0;
        }
        __attribute__((section("tp/one"), used)) int two(void *context) { return helper(3); }
        """
}
