// SPDX-License-Identifier: Apache-2.0

public import Bytes
import Glibc
import Linux

/// Compiles small eBPF sources for tests, with the clang of the Swift toolchain.
public enum CompiledC {
    /// The declarations that sources of tests share, so that they need no headers.
    public static let prelude = """
        typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
        typedef signed int s32; typedef signed long long s64; typedef _Bool bool;
        #define SEC(name) __attribute__((section(name), used))
        #define __uint(name, val) int (*name)[val]
        #define __type(name, val) typeof(val) *name
        #define __array(name, val) typeof(val) *name[]
        #define __noinline __attribute__((noinline))
        #define __weak __attribute__((weak))
        #define __hidden __attribute__((visibility("hidden")))
        #define __kconfig __attribute__((section(".kconfig")))
        #define __ksym __attribute__((section(".ksyms")))
        #define __preserve __attribute__((preserve_access_index))
        static void *(*bpf_map_lookup_elem)(void *map, const void *key) = (void *) 1;
        static long (*bpf_map_update_elem)(void *map, const void *key, const void *value, u64 flags) = (void *) 2;
        static long (*bpf_map_delete_elem)(void *map, const void *key) = (void *) 3;
        static u64 (*bpf_ktime_get_ns)(void) = (void *) 5;
        static long (*bpf_trace_printk)(const char *fmt, u32 size, ...) = (void *) 6;
        static u64 (*bpf_get_current_pid_tgid)(void) = (void *) 14;
        static long (*bpf_get_current_comm)(void *buf, u32 size) = (void *) 16;
        static long (*bpf_perf_event_output)(void *ctx, void *map, u64 flags, void *data, u64 size) = (void *) 25;
        static long (*bpf_ringbuf_output)(void *ring, void *data, u64 size, u64 flags) = (void *) 130;
        static void *(*bpf_ringbuf_reserve)(void *ring, u64 size, u64 flags) = (void *) 131;
        static void (*bpf_ringbuf_submit)(void *data, u64 flags) = (void *) 132;
        static long (*bpf_for_each_map_elem)(void *map, void *callback, void *ctx, u64 flags) = (void *) 164;
        static long (*bpf_tail_call)(void *ctx, void *map, u32 index) = (void *) 12;

        """

    /// The compiler's whole path: `$CLANG`, else the one on PATH.
    public static let clang = tool("clang", variable: "CLANG") ?? "clang"

    /// Whether this machine has the compiler.
    public static var isPossible: Bool { access(clang, X_OK) == 0 }

    /// The whole path of a tool of the compiler: what the variable names, else the one beside ``clang``, since a
    /// distribution's older tools do not know what the compiler writes, else the first on PATH.
    public static func tool(_ name: String, variable: String? = nil) -> String? {
        if let given = variable.flatMap({ getenv($0) }) { return String(cString: given) }
        var folders = getenv("PATH").map { String(cString: $0) }?.split(separator: ":").map { String($0) } ?? []
        if let first = folders.first(where: { access("\($0)/clang", X_OK) == 0 }) { folders.insert(first, at: 0) }
        return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// Compiles a source to an object.
    ///
    /// - Parameters:
    ///   - source: C, put behind ``prelude``.
    ///   - arguments: arguments beside `--target=bpf -g -O2 -mcpu=v2`.
    /// - Returns: the object's bytes.
    public static func object(_ source: String, target: String = "bpf", _ arguments: [String] = []) throws -> OwnedBytes
    {
        // A header of its own keeps the source's line numbers.
        try compile(
            source, header: prelude, ["--target=\(target)", "-g", "-O2", "-mcpu=v2", "-c"] + arguments)
    }

    /// Compiles a source as it is.
    ///
    /// - Parameters:
    ///   - source: C.
    ///   - header: what is included before it.
    ///   - arguments: all arguments but the files.
    /// - Returns: the bytes of what the compiler writes.
    public static func compile(_ source: String, header: String = "", _ arguments: [String]) throws -> OwnedBytes {
        let folder = try TemporaryFolder(prefix: "skep-test")
        defer { folder.remove() }
        let (include, input, output) = (
            "\(folder.path)/prelude.h", "\(folder.path)/test.bpf.c", "\(folder.path)/output"
        )
        try Files.write(Array(header.utf8), to: include)
        try Files.write(Array(source.utf8), to: input)
        _ = try run(clang, ["-include", include] + arguments + [input, "-o", output])
        return OwnedBytes(try Files.read(output))
    }

    /// Runs a program.
    ///
    /// - Returns: what it wrote to both outputs.
    /// - Throws: ``Failure`` with that text when it fails.
    public static func run(_ program: String, _ arguments: [String]) throws -> String {
        let outcome = try ChildProcess.run(program, arguments, timeLimit: 120_000)
        let text = String(decoding: outcome.output + outcome.errors, as: UTF8.self)
        guard outcome.isSuccess else { throw Failure(text: "\(program) failed: \(text)") }
        return text
    }

    /// Why a source could not be compiled.
    public struct Failure: Error, CustomStringConvertible {
        let text: String
        /// The reason.
        public var description: String { text }
    }
}
