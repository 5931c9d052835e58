// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import Linux

/// Static tracepoints with their own record: `tracepoint/CATEGORY/NAME`.
///
/// - Note: Linux 4.7, `kernel/trace/bpf_trace.c`.
enum TracepointHook: Hook {
    static let families: [HookFamily] = [.tracepoint]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let target = try program.requiredTarget("CATEGORY/NAME")
        let parts = target.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw BPFError(
                .invalidArgument, "\(target) is not a tracepoint's name",
                context: [.init("program", program.name)], hint: "write CATEGORY/NAME, as in syscalls/sys_enter_openat")
        }
        let id: UInt64
        do throws(LinuxError) {
            id = try TraceFiles.shared.tracepointID(category: parts[0], name: parts[1])
        } catch {
            if error.errno == .noSuchFileOrDirectory {
                throw BPFError(
                    .notSupported, "this kernel has no tracepoint \(target)",
                    context: [.init("program", program.name)], hint: "names differ between kernels", cause: error)
            }
            throw BPFError.system(error, "cannot find the tracepoint \(target)")
        }
        do throws(LinuxError) {
            let event = try PerfEvent.open(.tracepoint(id), process: -1, cpu: 0)
            let part = try PerfEventLink.attach(program.rawDescriptor, to: event, cookie: options.cookie)
            return Link("tracepoint \(target)", parts: [part])
        } catch {
            throw program.attachError(error, to: "the tracepoint \(target)")
        }
    }
}

/// The kernel's trace files, found once for all tracepoints of a process.
final class TraceFiles: Sendable {
    static let shared = TraceFiles()
    private let files: Result<Holder, LinuxError>

    private final class Holder: Sendable {
        let files: TraceFileSystem
        init() throws(LinuxError) { files = try TraceFileSystem() }
    }

    private init() {
        do throws(LinuxError) {
            files = .success(try Holder())
        } catch {
            files = .failure(error)
        }
    }

    func tracepointID(category: String, name: String) throws(LinuxError) -> UInt64 {
        try files.get().files.tracepointID(category: category, name: name)
    }
}
