import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// What a reader of pages asks of a queue.
@Test func aQueueAnswersIntoMemoryAndSendsBodies() throws {
  let server = try FaultServer(serving: export)
  let queue = TransferQueue(
    Connection(), TransferPolicy(), Surroundings(now: { 0 }, wait: { _ in }, draw: { $0 }))
  var request = TransferRequest(
    server.url("fault=token"), shownAs: "the token", sink: .memory(limit: 1000), expects: .json)
  request.body = Array("grant_type=client_credentials".utf8)
  let reply = try queue.perform(request).get()
  #expect(reply.status == 200)
  #expect(String(decoding: reply.body, as: UTF8.self) == #"{"said": "grant_type=client_credentials"}"#)
  #expect(reply.header("content-type") == "application/json")
  let small = TransferRequest(server.url(), shownAs: "a page", sink: .memory(limit: 1000))
  guard case .failure(let fault) = queue.perform(small) else {
    Issue.record("a page beyond its bound was taken")
    return
  }
  #expect(fault.name == .sourceTooLarge)
}
