package dev.proteus.examples;

import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Scope;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `proteus recipe`: the tutorial of identities, kinds, conversion and loading as a program.
@Command(
    name = "recipe",
    mixinStandardHelpOptions = true,
    description = "Swap, convert, load and quantize, step by step, with the identities shown.")
final class RecipeCommand implements Callable<Integer> {
  private static final long SEED = 1;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return Scope.withGenerator(new Generator(SEED), this::run);
  }

  private int run() {
    PrintWriter out = spec.commandLine().getOut();
    new Recipe(out).run();
    out.println();
    out.println("all as said");
    return 0;
  }
}
