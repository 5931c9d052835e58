// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@Suite("Waiting for events")
struct EventTests {
    @Test("A counter and a timer wake epoll with their tokens")
    func wakeUps() throws {
        let epoll = try Epoll()
        let counter = try EventDescriptor()
        let timer = try TimerDescriptor()
        try epoll.add(counter.rawValue, token: 1)
        try epoll.add(timer.rawValue, token: 2)
        #expect(try epoll.wait(milliseconds: 0).isEmpty)
        counter.signal()
        counter.signal()
        #expect(try epoll.wait(milliseconds: 1000).map(\.token) == [1])
        #expect(counter.reset() == 2)
        try timer.set(after: 1000)
        #expect(try epoll.wait(milliseconds: 10_000).map(\.token) == [2])
        #expect(timer.expirations() == 1)
        try epoll.remove(counter.rawValue)
        counter.signal()
        #expect(try epoll.wait(milliseconds: 0).isEmpty)
    }

    @Test("A descriptor is closed with its owner and survives as a duplicate")
    func descriptors() throws {
        let pipe = try Pipe()
        let copy = try pipe.write.duplicate()
        try copy.write([1, 2, 3])
        #expect(try pipe.read.read(upTo: 10) == [1, 2, 3])
        #expect(copy.rawValue > 2)
    }

    @Test("A pipe is no terminal")
    func terminal() throws {
        let pipe = try Pipe()
        #expect(!Terminal.isTerminal(pipe.read.rawValue))
        #expect(Terminal.size(pipe.read.rawValue) == nil)
    }
}
