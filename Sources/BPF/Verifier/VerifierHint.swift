// SPDX-License-Identifier: Apache-2.0

/// What to do about the verifier's most frequent messages.
enum VerifierHint {
    /// The hint for the first message that has one.
    static func find(for messages: [String], log: String) -> String? {
        for message in messages.reversed() {
            for (fragment, hint) in hints where message.contains(fragment) { return hint }
        }
        return nil
    }

    /// Whether a message means that this kernel lacks a helper, function or hook.
    static func saysKernelLacksSomething(_ messages: [String]) -> Bool {
        messages.contains { message in
            message.contains("invalid func unknown#") || message.hasPrefix("unknown func unknown#")
                || message.contains("unknown opcode")
                // Which functions may be changed or slept in depends on how the kernel was built.
                || message.hasSuffix(" is not sleepable") || message.hasSuffix(" is not modifiable")
        }
    }

    /// Fragments of messages of `kernel/bpf/verifier.c`, 5.10 to 6.18, the more specific ones first.
    private static let hints: [(String, String)] = [
        ("or_null'", "compare the pointer with NULL before you use it"),
        ("invalid mem access 'scalar'", probeRead),
        ("invalid mem access 'inv'", probeRead),
        (
            "invalid access to packet",
            "compare with data_end first, as in `if (data + sizeof(*header) > data_end) return …;`"
        ),
        (
            "Unreleased reference",
            "every path must give back what it took: submit or discard the ring buffer record, release the socket or object"
        ),
        ("unbounded memory access", "limit the size or offset before its use, for instance with `size &= 0xff`"),
        ("invalid access to map value", "check the index or offset against the value's size before the access"),
        ("invalid access to memory", "check the offset against the memory's size before the access"),
        ("invalid variable-offset", "limit the offset with a comparison or a mask before the access"),
        ("invalid indirect read from stack", zeroFirst),
        ("invalid read from stack", zeroFirst),
        ("invalid indirect access to stack", zeroFirst),
        ("!read_ok", "the register, usually a variable, is read on a path on which nothing was written to it"),
        (
            "GPL-restricted",
            "the helper is for GPL-compatible programs only: char LICENSE[] SEC(\"license\") = \"Dual BSD/GPL\";"
        ),
        (
            "infinite loop detected",
            "the loop must end after a number of turns that the verifier can see; bpf_for() or bpf_loop() help"
        ),
        ("back-edge", "this kernel does not allow this loop: unroll it, or give it a constant bound"),
        (
            "program is too large",
            "the verifier follows too many paths: use bpf_loop() or bpf_for(), or split the program with tail calls"
        ),
        ("sequence of", "the verifier follows too many jumps: use bpf_loop() or bpf_for(), or split the program"),
        (
            "combined stack size",
            "the frames of nested functions share 512 bytes: move large structs to a per-CPU array map"
        ),
        ("stack limit", "a program has 512 bytes of stack: move large structs to a per-CPU array map"),
        (
            "invalid bpf_context access",
            "this kind of program may not read this part of its context, or not with this size"
        ),
        (
            "dereference of modified ctx ptr",
            "read the context with a constant offset, directly from the context pointer"
        ),
        ("At program exit the register R0", "return one of the values that this kind of program may return"),
        ("makes pkt pointer be out of bounds", "limit the number before you add it to the packet pointer"),
        ("pointer arithmetic", "this pointer cannot be calculated with in this way; compare and limit offsets first"),
        ("math between", "limit the number with a comparison before you add it to the pointer"),
        ("program of this type cannot use helper", helperNotHere),
        ("unknown func", helperNotHere),
        (
            "unknown opcode",
            "this kernel is older than an instruction of the program; cond_break and can_loop need Linux 6.9"
        ),
        ("invalid func", helperNotHere),
        ("is not allowed", "this kind of program may not call this function"),
        (
            "leaks addr",
            "a kernel address must not be stored where user space can read it, unless the process may see addresses"
        ),
        (
            "unreachable insn",
            "the object holds code that cannot be reached, which the compiler does not leave: it may be damaged"
        ),
        ("only read from bpf_array is supported", "constants are read from maps that programs may only read"),
        ("cannot write into", "this memory may only be read"),
        ("may be sleeping", sleepable), ("helper call might sleep", sleepable), ("in non-sleepable", sleepable),
        (
            "must be a known constant",
            "the verifier must see a constant here: use a literal or a const volatile variable"
        ),
        (
            "expected=",
            "the function wants another kind of pointer here, such as one to a map, the stack or the context"
        ),
    ]

    private static let probeRead =
        "the verifier does not know this memory: read it with bpf_probe_read_kernel(), bpf_probe_read_user() or BPF_CORE_READ()"
    private static let zeroFirst =
        "set all bytes first, padding too: `struct event event = {};` or __builtin_memset(&event, 0, sizeof(event))"
    private static let helperNotHere =
        "this kernel does not have the helper, or not for this kind of program; `skep features` lists them"
    private static let sleepable =
        "mark the program as sleepable with a section such as `lsm.s/` or `fentry.s/`, or use another helper"
}
