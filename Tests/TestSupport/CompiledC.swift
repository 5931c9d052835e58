// SPDX-License-Identifier: Apache-2.0

public import Bytes
import Glibc

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
        var template = Array("/tmp/skep-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(text: "mkdtemp failed") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let (header, input, output) = (folder + "/prelude.h", folder + "/test.bpf.c", folder + "/test.o")
        defer {
            unlink(header)
            unlink(input)
            unlink(output)
            rmdir(folder)
        }
        // A header of its own keeps the source's line numbers.
        for (path, text) in [(header, prelude), (input, source)] {
            guard let file = fopen(path, "w") else { throw Failure(text: "cannot write \(path)") }
            fputs(text, file)
            fclose(file)
        }
        try run(
            [clang, "--target=\(target)", "-g", "-O2", "-mcpu=v2", "-include", header, "-c", input, "-o", output]
                + arguments)
        guard let result = fopen(output, "r") else { throw Failure(text: "clang wrote nothing") }
        defer { fclose(result) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, result)
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        return OwnedBytes(bytes)
    }

    private static func run(_ command: [String]) throws {
        var process = pid_t()
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        let error = posix_spawnp(&process, command[0], nil, nil, &arguments, environ)
        guard error == 0 else { throw Failure(text: "cannot run \(command[0]): \(String(cString: strerror(error)))") }
        var status: Int32 = 0
        waitpid(process, &status, 0)
        guard status == 0 else { throw Failure(text: "failed: \(command.joined(separator: " "))") }
    }

    /// Why a source could not be compiled.
    public struct Failure: Error, CustomStringConvertible {
        let text: String
        /// The reason.
        public var description: String { text }
    }
}
