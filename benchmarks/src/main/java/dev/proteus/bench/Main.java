package dev.proteus.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
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
      description =
          "Who takes part; ratios are the first one's. Also opencl, which is Proteus there"
              + " (default: ${DEFAULT-VALUE}).")
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
    System.exit(commandLine().execute(args));
  }

  /// The command line; its exit code is 2 for a wrong flag or file, which it says in one line.
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler((e, _) -> refused(e.getCommandLine(), e.getMessage()))
        .setExecutionExceptionHandler((e, line, _) -> {
          if (e instanceof IOException) {
            return refused(line, "cannot write " + e.getMessage());
          }
          throw e;
        });
  }

  private static int refused(CommandLine line, @Nullable String reason) {
    String first = String.valueOf(reason).lines().findFirst().orElse("");
    line.getErr().println("proteus: " + first + " (see proteus bench --help)");
    return CommandLine.ExitCode.USAGE;
  }

  @Override
  public Integer call() throws IOException, RunnerException {
    check(forks >= 1, "--forks", forks);
    check(seconds >= 1, "--seconds", seconds);
    List<Work> works = Works.matching(filter);
    if (works.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "no work matches '" + filter + "'");
    }
    List<String> available = engines.stream().filter(this::isAvailable).toList();
    Files.createDirectories(json.toAbsolutePath().resolveSibling(""));
    List<Outcome> outcomes = new ArrayList<>();
    for (Work work : works) {
      Outcome outcome = measured(work, available);
      outcomes.add(outcome);
      out().println(new Report(engines, List.of(outcome)).row(outcome));
      out().flush();
    }
    write(new Report(engines, outcomes));
    return 0;
  }

  private void check(boolean holds, String option, int value) {
    if (!holds) {
      throw new ParameterException(
          spec.commandLine(), "%s is %d; it must be 1 or more".formatted(option, value));
    }
  }

  private boolean isAvailable(String engine) {
    boolean available = engine(engine).isAvailable();
    if (!available) {
      out().println(engine + ": left out; its library or device is not there");
    }
    return available;
  }

  private Outcome measured(Work work, List<String> available) throws RunnerException {
    SequencedMap<String, Double> nanos = new LinkedHashMap<>();
    for (String engine : available) {
      if (engine(engine).works().containsKey(work.name())) {
        nanos.put(engine, median(work, engine));
      }
    }
    return new Outcome(work, nanos);
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
  private double median(Work work, String engine) throws RunnerException {
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
          .warmupIterations(Engine.of(engine).warmup())
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
    out().println("ratio: the speed of " + engines.getFirst() + " as a share of the best other's");
    Files.writeString(json, report.json());
    if (markdown != null) {
      Files.writeString(markdown, report.markdown());
    }
  }
}
