package dev.proteus.examples;

import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Parts;
import dev.proteus.tensor.Tensor;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tells what a program does, and fails where something is not as told.
final class Narration {
  private final PrintWriter out;
  private final Map<Tensor, Integer> numbers = new HashMap<>();

  Narration(PrintWriter out) {
    this.out = out;
  }

  /// A heading.
  void step(String title) {
    out.println();
    out.println("== " + title);
  }

  /// A line of text.
  void say(String text) {
    out.println("    " + text);
    out.flush();
  }

  /// What a tensor is called and which one it is, then what it holds.
  void show(String name, Tensor tensor) {
    say("%-14s #%d  %s".formatted(name, number(tensor), held(tensor)));
  }

  /// Tensors are numbered as they appear: equal numbers are one object.
  private int number(Tensor tensor) {
    return numbers.computeIfAbsent(tensor, _ -> numbers.size() + 1);
  }

  private static String held(Tensor tensor) {
    return Kind.of(tensor)
        .map(kind -> "%s %s%s".formatted(tensor.spec(), kind.name(), parts(kind.parts(tensor))))
        .orElseGet(() -> "%s %s".formatted(tensor.spec(), values(tensor)));
  }

  private static Map<String, String> parts(Parts parts) {
    Map<String, String> texts = new LinkedHashMap<>();
    parts.tensors().forEach((name, tensor) -> texts.put(name, values(tensor)));
    texts.putAll(parts.attributes());
    return texts;
  }

  private static String values(Tensor tensor) {
    return tensor.detach().toString().replaceAll("\\s+", " ");
  }

  /// Says what holds.
  ///
  /// @throws IllegalStateException if it does not
  void expect(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("this should hold, but does not: " + what);
    }
    out.println("ok  " + what);
    out.flush();
  }
}
