// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Runs something on a thread that ends afterwards, so that what belongs to threads, such as namespaces, cannot leak
/// into other work.
enum DedicatedThread {
    static func run<Value: Sendable>(
        _ body: @Sendable () throws(LinuxError) -> Value
    ) throws(LinuxError) -> Value {
        let result: Result<Value, LinuxError> = try withoutActuallyEscaping(body) { body throws(LinuxError) in
            let job = Job(body)
            var thread = pthread_t()
            let context = Unmanaged.passRetained(job)
            let answer = pthread_create(&thread, nil, threadMain, context.toOpaque())
            guard answer == 0 else {
                context.release()
                throw LinuxError(Errno(rawValue: answer), call: "pthread_create")
            }
            pthread_join(thread, nil)
            return job.result ?? .failure(LinuxError(.noSuchProcess, call: "pthread_join"))
        }
        return try result.get()
    }

    private final class Job<Value: Sendable>: AnyJob, @unchecked Sendable {
        // Sound: the starting thread reads the result only after it joined the other.
        var result: Result<Value, LinuxError>?
        private let body: @Sendable () throws(LinuxError) -> Value

        init(_ body: @escaping @Sendable () throws(LinuxError) -> Value) {
            self.body = body
        }

        override func run() {
            do throws(LinuxError) {
                result = .success(try body())
            } catch {
                result = .failure(error)
            }
        }
    }
}

private class AnyJob {
    func run() {}
}

private func threadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<AnyJob>.fromOpaque(context).takeRetainedValue().run() }
    return nil
}
