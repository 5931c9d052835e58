// SPDX-License-Identifier: Apache-2.0

extension PerfEvent {
    /// Opens an event for each time a kernel function is entered or left.
    ///
    /// - Parameters:
    ///   - function: the function's name in /proc/kallsyms.
    ///   - offset: bytes from the function's start; 0 for returns.
    ///   - isReturn: whether the event happens when the function returns.
    /// - Throws: ``LinuxError``; `ENOENT` of the event source's file when the kernel has no kprobes.
    /// - Note: Linux 4.17, `kernel/trace/trace_kprobe.c`.
    public static func openKprobe(
        function: String, offset: UInt64 = 0, isReturn: Bool = false
    ) throws(LinuxError) -> FileDescriptor {
        let type = try unit(named: "kprobe")
        let configuration = isReturn ? UInt64(1) << UInt64(try formatBit(unit: "kprobe", field: "retprobe")) : 0
        // The name must live until the call is over.
        var name = Array(function.utf8CString)
        let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: name.count)
        defer { buffer.deallocate() }
        buffer.update(from: &name, count: name.count)
        var attributes = PerfEventAttributes(type: type, configuration: configuration)
        attributes.configuration1 = UInt64(UInt(bitPattern: buffer))
        attributes.configuration2 = offset
        do throws(LinuxError) {
            return try open(attributes, process: -1, cpu: 0)
        } catch {
            throw LinuxError(error.errno, call: "perf_event_open(kprobe)", context: error.context)
        }
    }
}
