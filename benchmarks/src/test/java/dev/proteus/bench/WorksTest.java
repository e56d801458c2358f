package dev.proteus.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The work list: complete on our side, and every small work runs.
class WorksTest {
  private static final Set<String> SMALL = Set.of("overhead", "train", "encoder");

  @Test
  void proteusDoesEveryWorkAndNoOther() {
    Set<String> names = Works.ALL.stream().map(Work::name).collect(Collectors.toSet());
    assertEquals(names, new ProteusEngine().works().keySet());
  }

  @TestFactory
  Stream<DynamicTest> smallWorksRun() {
    Set<String> small =
        Works.ALL.stream()
            .filter(w -> SMALL.contains(w.group()))
            .map(Work::name)
            .collect(Collectors.toSet());
    return new ProteusEngine()
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
    assertEquals(0.5, outcome.ratio().orElseThrow());
    Report report = new Report(List.of("proteus", "libtorch", "djl"), List.of(outcome));
    assertTrue(report.markdown().contains("| 0.50 |"));
  }
}
