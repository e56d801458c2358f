package dev.proteus.codegen;

import dev.proteus.type.DType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A kernel that is written by hand: texts beside this package, for elements of one type.
///
/// The texts see the elements as `ELEMENT` in memory and `VALUE` in a register, with `LOAD(p, i)`
/// and `STORE(p, i, v)` between them, a word that holds a constant of their type as
/// `CONSTANT(word)`, indices as `idx`, whether the type is `FLOATING` and `HALF` and how many
/// `BITS` it has, and each of the numbers under its name. Its entries take pointers, the pointer of
/// the word in which errors are noted, and `words a`: as many as [#WORDS].
///
/// @param entry the kernel's name
/// @param files the texts' names, in the order in which they are read
/// @param dtype the type of the elements
/// @param numbers what the texts are made for, such as the sizes of blocks
public record WrittenSource(
    String entry, List<String> files, DType dtype, Map<String, Integer> numbers) {
  /// Words that are passed.
  public static final int WORDS = 64;

  public WrittenSource {
    files = List.copyOf(files);
    numbers = Map.copyOf(numbers);
  }

  /// One text that is made for nothing but a type.
  public WrittenSource(String entry, String file, DType dtype) {
    this(entry, List.of(file), dtype, Map.of());
  }

  /// The kernel.
  public KernelSource source() {
    StringBuilder text = new StringBuilder("#define idx i64\n");
    text.append("typedef struct { i64 v[").append(WORDS).append("]; } words;\n");
    define(text, "ELEMENT", CType.stored(dtype));
    define(text, "VALUE", CType.computed(dtype));
    define(text, "LOAD(p, i)", CType.load(dtype, "(p)", "i"));
    define(text, "STORE(p, i, v)", CType.store(dtype, "(p)", "i", "v"));
    define(text, "CONSTANT(word)", CType.passed(dtype, "word"));
    define(text, "BITS", String.valueOf(8 * dtype.bytes()));
    define(text, "FLOATING", dtype.isFloating() ? "1" : "0");
    define(text, "HALF", dtype.isHalf() ? "1" : "0");
    new TreeMap<>(numbers).forEach((name, value) -> define(text, name, value.toString()));
    files.forEach(file -> text.append(Texts.of(file)));
    return new KernelSource(entry, text.toString());
  }

  private static void define(StringBuilder text, String name, String meaning) {
    text.append("#define ").append(name).append(' ').append(meaning).append('\n');
  }
}
