package dev.proteus.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `proteus bench`: each work by Proteus and by its peers, one after the other, and one table.
@Command(
    name = "proteus bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measure Proteus beside its peers.")
final class Main implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILTER",
      defaultValue = "",
      description = "Only works whose group or name contains this, such as gemm or LeNet.")
  private String filter;

  @Option(
      names = "--engines",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "proteus,libtorch,djl",
      description = "Who takes part (default: ${DEFAULT-VALUE}).")
  private List<String> engines;

  @Option(
      names = "--forks",
      paramLabel = "N",
      defaultValue = "2",
      description = "JVMs per work and engine (default: ${DEFAULT-VALUE}).")
  private int forks;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "3",
      description = "Measured seconds per JVM (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(names = "--smoke", description = "Run each work once, without warming up.")
  private boolean smoke;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "out/bench.json",
      description = "Where the times go as JSON (default: ${DEFAULT-VALUE}).")
  private Path json;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Also write a Markdown table.")
  private @Nullable Path markdown;

  private Main() {}

  static void main(String[] args) {
    CommandLine line = new CommandLine(new Main());
    line.setParameterExceptionHandler((e, _) -> {
      e.getCommandLine().getErr().println("proteus: " + e.getMessage() + " (see bench --help)");
      return CommandLine.ExitCode.USAGE;
    });
    System.exit(line.execute(args));
  }

  @Override
  public Integer call() throws IOException, RunnerException {
    List<Work> works = Works.matching(filter);
    if (works.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "no work matches '" + filter + "'");
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Work work : works) {
      Outcome outcome = new Outcome(work, new LinkedHashMap<>());
      for (String engine : engines) {
        if (engine(engine).works().containsKey(work.name())) {
          outcome.nanos().put(engine, measured(work, engine));
        }
      }
      outcomes.add(outcome);
      out()
          .print(
              new Report(engines, List.of(outcome)).table().lines().skip(1).findFirst().orElse("")
                  + "\n");
      out().flush();
    }
    write(new Report(engines, outcomes));
    return 0;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private Engine engine(String name) {
    try {
      return Engine.of(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /// The median over the iterations of all forks.
  private double measured(Work work, String engine) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(WorkBenchmark.class.getName())
            .param("work", work.name())
            .param("engine", engine)
            .jvmArgsAppend("-Dproteus.threads=2", "-XX:+UseParallelGC")
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true);
    if (smoke) {
      options.mode(Mode.SingleShotTime).forks(1).warmupIterations(0).measurementIterations(1);
    } else {
      options
          .forks(forks)
          .warmupIterations(3)
          .warmupTime(TimeValue.seconds(1))
          .measurementIterations(4 * seconds)
          .measurementTime(TimeValue.milliseconds(250));
    }
    Collection<RunResult> results = new Runner(options.build()).run();
    double[] times =
        results.stream()
            .flatMap(r -> r.getBenchmarkResults().stream())
            .flatMap(b -> b.getIterationResults().stream())
            .map(IterationResult::getPrimaryResult)
            .mapToDouble(r -> r.getScore())
            .toArray();
    return times.length == 0 ? Double.NaN : Outcome.median(times);
  }

  private void write(Report report) throws IOException {
    out().println();
    out().print(report.table());
    out().println("ratio: speed as a share of the best peer's; above 1 Proteus is faster");
    Path folder = json.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(json, report.json());
    if (markdown != null) {
      Files.writeString(markdown, report.markdown());
    }
  }
}
