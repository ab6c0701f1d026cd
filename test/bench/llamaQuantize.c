/* llama.cpp's quantizer as a program of its own: what its `llama-quantize` does, with the shared libraries that are here.
 *
 *   llamaQuantize SOURCE TARGET FILE_TYPE THREADS LIBRARY...      libraries in the order of their dependencies, llama last
 *
 * Prints {"seconds": ...} of the call alone. Struct and functions are those of the release that test/oracle/package.json pins.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct llama_model_quantize_params {
  int32_t nthread, ftype, output_tensor_type, token_embedding_type;
  bool allow_requantize, quantize_output_tensor, only_copy, pure, keep_split, dry_run;
  void *imatrix, *kv_overrides, *tt_overrides, *prune_layers;
};

static void *found(void *what) {
  if (what) return what;
  fprintf(stderr, "%s\n", dlerror());
  exit(2);
}

static void silent(int level, const char *text, void *data) { (void)level, (void)text, (void)data; }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int main(int count, char **arguments) {
  if (count < 6) return 2;
  void *llama = NULL;
  for (int i = 5; i < count; i++) llama = found(dlopen(arguments[i], RTLD_NOW | RTLD_GLOBAL));
  void (*log_set)(void (*)(int, const char *, void *), void *) = found(dlsym(llama, "llama_log_set"));
  void (*backend_init)(void) = found(dlsym(llama, "llama_backend_init"));
  struct llama_model_quantize_params (*defaults)(void) = found(dlsym(llama, "llama_model_quantize_default_params"));
  uint32_t (*quantize)(const char *, const char *, const struct llama_model_quantize_params *) =
      found(dlsym(llama, "llama_model_quantize"));

  log_set(silent, NULL);
  backend_init();
  struct llama_model_quantize_params params = defaults();
  params.ftype = atoi(arguments[3]);
  params.nthread = atoi(arguments[4]);
  double started = now();
  if (quantize(arguments[1], arguments[2], &params) != 0) return 1;
  printf("{\"seconds\": %.6f}\n", now() - started);
  return 0;
}
