package dev.proteus.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// One work done by one engine, in a JVM of its own.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WorkBenchmark {
  @Param({})
  public String work = "";

  @Param({})
  public String engine = "";

  private Runnable run = () -> {};

  @Setup
  public void prepare() {
    var prepared = Engine.of(engine).works().get(work);
    if (prepared == null) {
      throw new IllegalStateException(engine + " cannot do '" + work + "'");
    }
    run = prepared.get();
  }

  @Benchmark
  public void invoke() {
    run.run();
  }
}
