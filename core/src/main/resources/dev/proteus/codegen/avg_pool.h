/* The elements of a window along an axis that count. */
DEVICE idx counted(idx first, idx offsets, idx size, idx padding, idx divisor) {
  const idx low = divisor == WITHOUT_PADDING && first < 0 ? 0 : first;
  const idx end = divisor == WITHOUT_PADDING ? size : size + padding;
  return (first + offsets < end ? first + offsets : end) - low;
}
#define COUNTED(axis, first) counted(first, OFFSETS_##axis, PLANE(axis), PADDING(axis), DIVISOR)
