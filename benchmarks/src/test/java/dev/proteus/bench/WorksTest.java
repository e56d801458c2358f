package dev.proteus.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.type.Device;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The work list: complete on our side, and every small work runs.
class WorksTest {
  private static final Set<String> SMALL = Set.of("overhead", "train", "encoder");

  @Test
  void proteusDoesEveryWorkAndNoOther() {
    Set<String> names = Works.ALL.stream().map(Work::name).collect(Collectors.toSet());
    assertEquals(names, new ProteusEngine(Device.CPU).works().keySet());
  }

  @TestFactory
  Stream<DynamicTest> smallWorksRun() {
    Set<String> small =
        Works.ALL.stream()
            .filter(w -> SMALL.contains(w.group()))
            .map(Work::name)
            .collect(Collectors.toSet());
    return new ProteusEngine(Device.CPU)
        .works().entrySet().stream()
            .filter(e -> small.contains(e.getKey()))
            .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> run(e.getValue())));
  }

  private static void run(Supplier<Runnable> prepared) {
    Runnable work = prepared.get();
    work.run();
    work.run();
  }

  @Test
  void theRatioIsToTheBestPeer() {
    var nanos = new LinkedHashMap<String, Double>();
    nanos.put("proteus", 100.0);
    nanos.put("libtorch", 80.0);
    nanos.put("djl", 50.0);
    Outcome outcome = new Outcome(Works.ALL.getFirst(), nanos);
    assertEquals(0.5, outcome.ratio("proteus").orElseThrow());
    Report report = new Report(List.of("proteus", "libtorch", "djl"), List.of(outcome));
    assertTrue(report.markdown().contains("| 0.50 |"));
    assertEquals(2, report.table().lines().count());
    assertTrue(report.table().endsWith(report.row(outcome) + "\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing of this name",
        "--engines=abacus gemm",
        "--forks=0",
        "--seconds=0",
        "--second=1",
        "--out=/dev/null/bench.json gemm"
      })
  void aWrongFlagOrFileIsOneLineAndExitCode2(String arguments) {
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine().setErr(new PrintWriter(err)).execute(arguments.split(" (?=gemm)", -1));
    assertEquals(2, code, err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
  }
}
