/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_EXPORT_H
#define AVAL_EXPORT_H

#if defined(_WIN32) && defined(AVAL_BUILD)
#  define AVAL_API __declspec(dllexport)
#elif defined(_WIN32) && !defined(AVAL_STATIC)
#  define AVAL_API __declspec(dllimport)
#elif defined(__GNUC__)
#  define AVAL_API __attribute__((visibility("default")))
#else
#  define AVAL_API
#endif

#if defined(__GNUC__)
#  define AVAL_MUST_CHECK __attribute__((warn_unused_result))
#else
#  define AVAL_MUST_CHECK
#endif

#endif /* AVAL_EXPORT_H */
