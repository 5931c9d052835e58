// SPDX-License-Identifier: Apache-2.0

/// The state of a register, as the verifier writes it, in words.
///
/// Source: `reg_type_str` and `print_reg_state` in the kernel's `kernel/bpf/log.c`.
enum VerifierRegister {
    static func describe(_ name: String, state: String) -> String {
        var body = Substring(state)
        if body.first == "P" { body = body.dropFirst() }
        let open = body.firstIndex(of: "(") ?? body.endIndex
        var kind = String(body[..<open])
        let parameters = parameters(of: body[open...])
        let mayBeNull = kind.hasSuffix("_or_null")
        if mayBeNull { kind = String(kind.dropLast("_or_null".count)) }
        var text = name + " is " + words(kind, parameters)
        if mayBeNull { text += ", or NULL: it was not compared with NULL yet" }
        return text
    }

    private static func words(_ kind: String, _ parameters: [String: String]) -> String {
        for prefix in ["trusted_", "untrusted_", "rcu_", "percpu_", "rdonly_", "user_"] where kind.hasPrefix(prefix) {
            let adjective = prefix.dropLast().split(separator: "_").joined(separator: " ")
            return words(String(kind.dropFirst(prefix.count)), parameters) + " (\(adjective))"
        }
        let offset = parameters["off"].flatMap { $0 == "0" ? nil : " at offset \($0)" } ?? ""
        if kind.isEmpty || kind == "scalar" || kind == "inv" {
            return scalar(parameters)
        }
        if kind.hasPrefix("fp"), let distance = Int(kind.dropFirst(2)) {
            return distance == 0
                ? "a pointer to the frame's end" : "a pointer to the stack, \(-distance) bytes below the frame's end"
        }
        if let number = Int(kind) { return "the number \(number)" }
        if kind.hasPrefix("inv") { return "the number \(kind.dropFirst(3))" }
        if kind.hasPrefix("ptr_") {
            return "a pointer to the kernel's struct \(kind.dropFirst(4))\(offset)"
        }
        switch kind {
        case "ctx": return "a pointer to the program's context\(offset)"
        case "map_ptr": return "a pointer to a map"
        case "map_value":
            let size = parameters["vs"].map { " of \($0) bytes" } ?? ""
            return "a pointer to a map value\(size)\(offset)"
        case "map_key": return "a pointer to a map key\(offset)"
        case "pkt":
            let range = parameters["r"].map { ", of which \($0) bytes were checked" } ?? ""
            return "a pointer into the packet\(offset)\(range)"
        case "pkt_meta": return "a pointer to the packet's metadata\(offset)"
        case "pkt_end": return "a pointer to the packet's end"
        case "mem", "ringbuf_mem", "alloc_mem":
            let size = (parameters["sz"] ?? parameters["mem_size"]).map { " of \($0) bytes" } ?? ""
            return "a pointer to memory\(size)\(offset)"
        case "sock", "sock_common", "tcp_sock", "xdp_sock": return "a pointer to a socket"
        case "func": return "a pointer to a function"
        case "dynptr_ptr": return "a pointer to a dynptr"
        default: return kind.split(separator: "_").joined(separator: " ") + offset
        }
    }

    private static func scalar(_ parameters: [String: String]) -> String {
        let low = parameters["smin"] ?? parameters["smin_value"] ?? parameters["umin"] ?? parameters["umin_value"]
        let high = parameters["umax"] ?? parameters["umax_value"] ?? parameters["smax"] ?? parameters["smax_value"]
        switch (low, high) {
        case (let low?, let high?): return "a number from \(low) to \(high)"
        case (nil, let high?): return "a number of at most \(high)"
        case (let low?, nil): return "a number of at least \(low)"
        default: return "a number that the verifier knows nothing about"
        }
    }

    /// `(off=8,vs=16,imm=0)` as a dictionary; values may hold parentheses.
    private static func parameters(of text: Substring) -> [String: String] {
        guard text.first == "(" else { return [:] }
        var found: [String: String] = [:]
        var depth = 0
        var part = ""
        func add(_ part: String, to found: inout [String: String]) {
            // Several names may share a value: `smin=umin=5`.
            let pieces = part.split(separator: "=").map(String.init)
            guard let value = pieces.last, pieces.count > 1 else { return }
            for name in pieces.dropLast() { found[name] = value }
        }
        for character in text.dropFirst() {
            if character == "(" { depth += 1 }
            if character == ")" {
                if depth == 0 { break }
                depth -= 1
            }
            if character == ",", depth == 0 {
                add(part, to: &found)
                part = ""
            } else {
                part.append(character)
            }
        }
        add(part, to: &found)
        return found
    }
}
