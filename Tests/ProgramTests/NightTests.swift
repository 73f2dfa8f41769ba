import Testing

extension ProgramTests {
  /// What a second night, a failing night and a killed night leave behind.
  @Suite(.serialized) struct NightTests {
    @Test func aSecondNightChangesOnlyWhatItLearned() throws {
      let outcome = try BuiltProgram.judge("nights.py", [BuiltProgram.path])
      #expect(outcome.status == 0, "\(outcome.text)")
    }

    @Test func aRunKilledAtAnyInstantEndsWithTheSameFigures() throws {
      let outcome = try BuiltProgram.judge(
        "kill.py", [BuiltProgram.path, "--seed", "1", "--rounds", "8", "--customers", "600"])
      #expect(outcome.status == 0, "\(outcome.text)")
    }
  }
}
