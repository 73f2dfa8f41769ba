import Testing

extension ProgramTests {
  /// The program against the independent calculator of `Tests/Oracle`. Scripts print the seeds they fail on.
  @Suite(.serialized) struct CalculatorTests {
    @Test func theCalculatorGivesTheFiguresComputedByHand() throws {
      let outcome = try BuiltProgram.judge("test_calculator.py")
      #expect(outcome.status == 0, "\(outcome.text)")
    }

    @Test(arguments: BuiltProgram.cases)
    func aWorkedExampleOrTrapGivesItsExpectedFigures(name: String) throws {
      let outcome = try BuiltProgram.judge("run_cases.py", [BuiltProgram.path, name])
      #expect(outcome.status == 0, "\(outcome.text)")
    }

    @Test(arguments: [["--seeds", "1..45"], ["--billed", "--seeds", "1..35"]])
    func randomBooksGiveTheCalculatorsFigures(arguments: [String]) throws {
      let outcome = try BuiltProgram.judge("compare.py", [BuiltProgram.path] + arguments)
      #expect(outcome.status == 0, "\(outcome.text)")
    }

    @Test(arguments: [["--seeds", "1..30"], ["--edges", "--seeds", "1..20"]])
    func booksOfHugeAmountsGiveTheCalculatorsFiguresOrAreRefused(arguments: [String]) throws {
      let outcome = try BuiltProgram.judge("huge.py", [BuiltProgram.path] + arguments)
      #expect(outcome.status == 0, "\(outcome.text)")
    }

    @Test(
      .enabled(if: BuiltProgram.hasPublicBooks, "the public books are not beside the checkout"),
      arguments: ["playbook", "ravenstack"])
    func aPublicBookGivesItsExpectedFigures(name: String) throws {
      let outcome = try BuiltProgram.judge("real_books.py", [BuiltProgram.path, name])
      #expect(outcome.status == 0, "\(outcome.text)")
    }
  }
}
